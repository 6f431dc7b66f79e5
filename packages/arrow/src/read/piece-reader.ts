import { vectorWidth, type VectorClass } from "../vector-classes.ts";

/** Bytes of a buffer that arrays share. Who keeps one array keeps so many bytes. */
const pieceBytes = 2048;
/** Up to so many bytes V8 keeps an array's elements within the array, which is faster than anything else. */
const shortest = 64;
/** Longer arrays get a buffer of their own, whose making costs little beside the copying. */
const longest = 512;

/**
 * The text of a function that makes a reader of the typed arrays of a column, whose rows have to be read in order. Copies of many rows
 * are one buffer: making one takes V8 ten times as long as making an array over it. Of a row that is read a second time there is
 * another copy.
 */
export function pieceReader(name: string, of: VectorClass): string {
  const width = vectorWidth(of);
  return `const ${name} = (values, offsets) => {
  let piece, first = 0, next = 0, end = 0;
  return (row) => {
    const from = offsets[row], to = offsets[row + 1], length = to - from;
    if (length <= ${shortest / width} || length > ${longest / width}) return values.slice(from, to);
    if (from < next || to > end) {
      first = from;
      end = Math.min(from + ${pieceBytes / width}, values.length);
      piece = values.slice(first, end).buffer;
    }
    next = to;
    return new ${of}(piece, (from - first) * ${width}, length);
  };
};`;
}
