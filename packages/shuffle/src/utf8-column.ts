import type { ColumnOf } from "@gloam/arrow";

/** Bits that are set in a word of packed units when one of them is not ASCII. */
const notAscii = 0xff80ff80 | 0;

/**
 * A utf8 column of packed strings: for `i` from 0 to `count`, the string of `lengths[i]` units from word `starts[i]` on.
 * Undefined where a string has a lone surrogate, which UTF-8 cannot say.
 */
export function utf8Column(
  words: Int32Array,
  starts: Int32Array,
  lengths: Int32Array,
  count: number,
): ColumnOf<"utf8"> | undefined {
  const offsets = new Int32Array(count + 1);
  let size = 0;
  let bits = 0;
  for (let i = 0; i < count; i++) {
    const length = lengths[i]!;
    size += length;
    offsets[i + 1] = size;
    const start = starts[i]!;
    const end = start + ((length + 1) >> 1);
    for (let word = start; word < end; word++) bits |= words[word]!;
  }
  if ((bits & notAscii) !== 0) return wideColumn(words, starts, lengths, count, size);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (let i = 0; i < count; i++) {
    let word = starts[i]!;
    const end = offsets[i + 1]!;
    for (; at + 1 < end; at += 2) {
      const two = words[word++]!;
      bytes[at] = two;
      bytes[at + 1] = two >>> 16;
    }
    if (at < end) bytes[at++] = words[word]!;
  }
  return { kind: "utf8", offsets, bytes, ascii: true };
}

function wideColumn(
  words: Int32Array,
  starts: Int32Array,
  lengths: Int32Array,
  count: number,
  units: number,
): ColumnOf<"utf8"> | undefined {
  const offsets = new Int32Array(count + 1);
  const bytes = new Uint8Array(units * 3);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const start = starts[i]! * 2;
    const end = start + lengths[i]!;
    for (let unit = start; unit < end; unit++) {
      let code = unitAt(words, unit);
      if (code < 0x80) {
        bytes[at++] = code;
        continue;
      }
      if (code < 0x800) {
        bytes[at++] = 0xc0 | (code >> 6);
        bytes[at++] = 0x80 | (code & 0x3f);
        continue;
      }
      if (code >= 0xd800 && code < 0xe000) {
        const next = unit + 1 < end ? unitAt(words, unit + 1) : 0;
        if (code >= 0xdc00 || next < 0xdc00 || next >= 0xe000) return undefined;
        code = 0x10000 + ((code - 0xd800) << 10) + (next - 0xdc00);
        unit++;
        bytes[at++] = 0xf0 | (code >> 18);
        bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
      } else {
        bytes[at++] = 0xe0 | (code >> 12);
      }
      bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
      bytes[at++] = 0x80 | (code & 0x3f);
    }
    offsets[i + 1] = at;
  }
  return { kind: "utf8", offsets, bytes: bytes.subarray(0, at), ascii: false };
}

function unitAt(words: Int32Array, unit: number): number {
  const word = words[unit >> 1]!;
  return (unit & 1) === 0 ? word & 0xffff : word >>> 16;
}
