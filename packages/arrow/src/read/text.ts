import { unpackValue } from "../value/encode-value.ts";
import { bufferOf } from "./value-at.ts";

/** All text of an ASCII column as one string: offsets of bytes are offsets of characters. */
export function asciiText(bytes: Uint8Array): string {
  return bufferOf(bytes).toString("latin1");
}

/**
 * Reads rows of a column that has other characters than ASCII. Where those are rare most rows are ASCII and are cut out
 * of one string of bytes; else all text is decoded once, and the rows are cut out by the offsets of their characters.
 */
export function textReader(bytes: Uint8Array, offsets: Int32Array): (row: number) => string {
  const buffer = bufferOf(bytes);
  if (!isMostlyAscii(bytes)) {
    const text = buffer.toString("utf8");
    const ends = characterOffsets(bytes, offsets);
    // Otherwise the bytes are not UTF-8, and a row has to be decoded alone lest it shift the others.
    if (ends[ends.length - 1] === text.length) return (row) => text.substring(ends[row]!, ends[row + 1]);
  }
  const text = buffer.toString("latin1");
  return (row) => {
    const from = offsets[row]!;
    const to = offsets[row + 1]!;
    for (let i = from; i < to; i++) if (buffer[i]! >= 0x80) return buffer.toString("utf8", from, to);
    return text.substring(from, to);
  };
}

/** By a sample. */
function isMostlyAscii(bytes: Uint8Array): boolean {
  const step = Math.max(1, Math.floor(bytes.length / 1000));
  let others = 0;
  for (let i = 0; i < bytes.length; i += step) if (bytes[i]! >= 0x80) others++;
  return others * 20 < Math.ceil(bytes.length / step);
}

/** Offsets in UTF-16 units of what begins at those offsets in UTF-8: every byte that begins a character, two where it has four bytes. */
function characterOffsets(bytes: Uint8Array, offsets: Int32Array): Int32Array {
  const out = new Int32Array(offsets.length);
  let units = 0;
  for (let row = 1; row < offsets.length; row++) {
    const end = offsets[row]!;
    for (let i = offsets[row - 1]!; i < end; i++) {
      const byte = bytes[i]!;
      units += ((byte & 0xc0) === 0x80 ? 0 : 1) + (byte >= 0xf0 ? 1 : 0);
    }
    out[row] = units;
  }
  return out;
}

/** Reads a row of a column of MessagePack values. */
export function packedReader(bytes: Uint8Array): (from: number, to: number) => unknown {
  return (from, to) => unpackValue(bytes, from, to);
}

/**
 * A string that does not hold on to another one. V8 makes substrings of 13 and more characters views of the whole string;
 * kept beyond their batch they keep all of its text.
 */
export function detachString(text: string): string {
  if (text.length < 13) return text;
  // Asking for a character makes V8 copy the parts of a concatenation into one string; 40 to 80 ns.
  const copy = text.substring(0, 1) + text.substring(1);
  asked.character = copy.charCodeAt(1);
  return copy;
}

/** Written so that the question is not optimised away. */
const asked = { character: 0 };
