import type { ColumnOf } from "@gloam/arrow";

/** Text without null and undefined. */
export type Text = ColumnOf<"utf8">;

/** Bytes of a text that its rank holds whole. */
export const rankBytes = 6;

/**
 * Ranks of the first `length` texts: numbers of 52 bits, six bytes and a half, that order texts as their UTF-16 code units do,
 * except that different texts may have the same rank. About 5 ns each.
 */
export function rankTexts(text: Text, ranks: Float64Array, length: number, ascending: boolean): void {
  if (text.ascii) rankAscii(text.offsets, text.bytes, ranks, length, ascending ? 1 : -1);
  else for (let row = 0; row < length; row++) ranks[row] = rankOf(text, row, 0, ascending);
}

function rankAscii(offsets: Int32Array, bytes: Uint8Array, ranks: Float64Array, length: number, sign: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // What a short text lacks is taken away from the last byte on.
  const last = bytes.byteLength - 8;
  for (let row = 0; row < length; row++) {
    const from = offsets[row]!;
    const size = offsets[row + 1]! - from;
    let high = 0;
    let low = 0;
    if (from <= last) {
      high = view.getInt32(from);
      low = view.getInt32(from + 4);
      if (size < 4) high &= size === 0 ? 0 : -1 << (32 - 8 * size);
      if (size < 7) low &= size <= 4 ? 0 : -1 << (64 - 8 * size);
    } else {
      for (let at = 0; at < 4; at++) high = (high << 8) | (at < size ? bytes[from + at]! : 0);
      for (let at = 4; at < 8; at++) low = (low << 8) | (at < size ? bytes[from + at]! : 0);
    }
    ranks[row] = sign * ((high >>> 0) * 1048576 + (low >>> 12));
  }
}

/** The rank of one text from its byte `depth` on. */
export function rankOf({ offsets, bytes }: Text, row: number, depth: number, ascending: boolean): number {
  const from = offsets[row]! + depth;
  const size = offsets[row + 1]! - from;
  let high = 0;
  let low = 0;
  for (let at = 0; at < 4; at++) high = (high << 8) | (at < size ? inOrder(bytes[from + at]!) : 0);
  for (let at = 4; at < 8; at++) low = (low << 8) | (at < size ? inOrder(bytes[from + at]!) : 0);
  const rank = (high >>> 0) * 1048576 + (low >>> 12);
  return ascending ? rank : -rank;
}

/**
 * A byte of UTF-8 as a number that orders text by UTF-16 code unit: characters beyond U+FFFF, which begin with F0 to F4 and
 * are surrogates in UTF-16, come before U+E000 to U+FFFF, which begin with EE and EF.
 */
function inOrder(byte: number): number {
  if (byte < 0xee) return byte;
  return byte < 0xf0 ? byte + 0x10 : byte - 2;
}

/** Order of two texts by UTF-16 code unit, which agree in their first `depth` bytes. */
export function compareTexts(a: Text, rowA: number, b: Text, rowB: number, depth = 0): number {
  const fromA = a.offsets[rowA]!;
  const fromB = b.offsets[rowB]!;
  const sizeA = a.offsets[rowA + 1]! - fromA;
  const sizeB = b.offsets[rowB + 1]! - fromB;
  const shared = Math.min(sizeA, sizeB);
  const bytesA = a.bytes;
  const bytesB = b.bytes;
  for (let k = depth; k < shared; k++) {
    const difference = inOrder(bytesA[fromA + k]!) - inOrder(bytesB[fromB + k]!);
    if (difference !== 0) return difference;
  }
  return sizeA - sizeB;
}
