import { isAscii, type Buffer } from "node:buffer";

const newline = 10;
const carriageReturn = 13;

/** Text that is not all ASCII is looked at in sections of about this many bytes. */
const sectionBytes = 4096;

/**
 * The lines in `from .. to` of the buffer, which hold no part of a line and no newline at the end. A carriage return at
 * the end of a line is not part of it.
 *
 * ASCII is copied three times as fast as UTF-8 is decoded, and a string made of it takes one byte a character whatever
 * its neighbours are. So where most sections are ASCII, the others are decoded apart.
 */
export function decodeLines(buffer: Buffer, from: number, to: number): string[] {
  const lines = isAscii(buffer.subarray(from, to))
    ? buffer.toString("latin1", from, to).split("\n")
    : decodeSections(buffer, from, to);
  if (buffer.subarray(from, to).includes(carriageReturn)) dropReturns(lines);
  return lines;
}

function decodeSections(buffer: Buffer, from: number, to: number): string[] {
  const sections: { readonly end: number; readonly encoding: "latin1" | "utf8" }[] = [];
  let asciiSections = 0;
  for (let start = from; start <= to;) {
    const found = start + sectionBytes < to ? buffer.indexOf(newline, start + sectionBytes) : to;
    const end = found < 0 || found > to ? to : found;
    const ascii = isAscii(buffer.subarray(start, end));
    if (ascii) asciiSections++;
    sections.push({ end, encoding: ascii ? "latin1" : "utf8" });
    start = end + 1;
  }
  if (asciiSections * 2 < sections.length) return buffer.toString("utf8", from, to).split("\n");

  const lines: string[] = [];
  let start = from;
  for (const [index, { end, encoding }] of sections.entries()) {
    // Neighbours of the same kind are one string.
    if (sections[index + 1]?.encoding === encoding) continue;
    for (const line of buffer.toString(encoding, start, end).split("\n")) lines.push(line);
    start = end + 1;
  }
  return lines;
}

function dropReturns(lines: string[]): void {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    if (line.charCodeAt(line.length - 1) === carriageReturn) lines[i] = line.slice(0, -1);
  }
}
