import type { TextCut, TextCuts } from "./text-cut.ts";

// What a program may have replaced, as it was.
const slice: unknown = Reflect.get(String.prototype, "slice");
const substring: unknown = Reflect.get(String.prototype, "substring");

/** Texts as they lie in a buffer: `starts[i] .. ends[i]` of `bytes`, in UTF-8. */
export interface TextPlaces {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly length: number;
  /** Whether all bytes are known to be ASCII. */
  readonly ascii: boolean;
}

/** Where the pieces of texts are, one for each text. */
export interface Pieces {
  begins: Int32Array;
  /** -1 for both pieces of a text that has to be cut as a string. */
  ends: Int32Array;
}

/**
 * Finds the pieces that functions cut out of texts, without making strings: about 5 ns a text. Units of UTF-16 are bytes where a
 * text is ASCII up to the last place that is counted from its beginning.
 */
export class TextCutter {
  /** Of keys and of values. */
  readonly columns: readonly [Pieces, Pieces] = [emptyPieces(), emptyPieces()];
  readonly #cuts: TextCuts;
  /** Units from the beginning of a text that are counted. */
  readonly #reach: number;

  constructor(cuts: TextCuts) {
    this.#cuts = cuts;
    this.#reach = Math.max(reachOf(cuts.key), reachOf(cuts.value));
  }

  /** Whether `slice` and `substring` are what they were when this program began. */
  static isOriginal(): boolean {
    return String.prototype.slice === slice && String.prototype.substring === substring;
  }

  /** Finds the pieces of texts, which must be valid UTF-8. */
  cut({ bytes, starts, ends, length, ascii }: TextPlaces): void {
    const [key, value] = this.columns;
    if (key.ends.length < length) for (const pieces of this.columns) resize(pieces, 2 * length);
    cutAll(starts, ends, length, this.#cuts.key, key.begins, key.ends);
    cutAll(starts, ends, length, this.#cuts.value, value.begins, value.ends);
    if (!ascii) refuse(bytes, starts, ends, length, this.#reach, key.ends, value.ends);
  }

  /** The pieces of a string. */
  pair(text: string): [key: string, value: string] {
    const { key, value } = this.#cuts;
    return [text.slice(key.from, key.to), text.slice(value.from, value.to)];
  }
}

function emptyPieces(): Pieces {
  return { begins: new Int32Array(0), ends: new Int32Array(0) };
}

function resize(pieces: Pieces, length: number): void {
  pieces.begins = new Int32Array(length);
  pieces.ends = new Int32Array(length);
}

function reachOf({ from, to = 0 }: TextCut): number {
  return from < 0 || to < 0 ? Infinity : Math.max(from, to);
}

function cutAll(
  starts: Int32Array,
  ends: Int32Array,
  length: number,
  { from, to }: TextCut,
  beginsOut: Int32Array,
  endsOut: Int32Array,
): void {
  // More than any text has.
  const last = to ?? 0x7fff_ffff;
  for (let at = 0; at < length; at++) {
    const start = starts[at]!;
    const size = ends[at]! - start;
    const begin = from < 0 ? Math.max(0, size + from) : Math.min(from, size);
    const end = last < 0 ? size + last : Math.min(last, size);
    beginsOut[at] = start + begin;
    endsOut[at] = start + Math.max(begin, end);
  }
}

/** Marks the texts that are not ASCII as far as they have to be. */
function refuse(
  bytes: Uint8Array,
  starts: Int32Array,
  ends: Int32Array,
  length: number,
  reach: number,
  keyEnds: Int32Array,
  valueEnds: Int32Array,
): void {
  for (let at = 0; at < length; at++) {
    const start = starts[at]!;
    const end = Math.min(ends[at]!, start + reach);
    let all = 0;
    for (let place = start; place < end; place++) all |= bytes[place]!;
    if (all >= 0x80) keyEnds[at] = valueEnds[at] = -1;
  }
}
