import { ValueReader } from "../value/value-reader.ts";
import { bufferOf } from "./value-at.ts";

/** All text of an ASCII column as one string: offsets of bytes are offsets of characters. */
export function asciiText(bytes: Uint8Array): string {
  return bufferOf(bytes).toString("latin1");
}

/** Reads a row of a column that has other characters than ASCII. */
export function textReader(bytes: Uint8Array): (from: number, to: number) => string {
  const buffer = bufferOf(bytes);
  // One byte, one character: right for the rows that are ASCII, which are most in most texts.
  const text = buffer.toString("latin1");
  return (from, to) => {
    for (let i = from; i < to; i++) if (buffer[i]! >= 0x80) return buffer.toString("utf8", from, to);
    return text.substring(from, to);
  };
}

/** Reads a row of a column of MessagePack values. */
export function packedReader(bytes: Uint8Array): (from: number, to: number) => unknown {
  const reader = new ValueReader(bytes);
  return (from, to) => reader.read(from, to);
}

/**
 * A string that does not hold on to another one. V8 makes substrings of 13 and more characters views of the whole string;
 * kept beyond their batch they keep all of its text.
 */
export function detachString(text: string): string {
  if (text.length < 13) return text;
  return bufferOf(new Uint8Array(0)).toString("latin1") + text; // measured below
}
