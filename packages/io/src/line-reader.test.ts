import { Buffer } from "node:buffer";
import { TextSpan } from "@gloam/common";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ByteStream } from "./byte-stream.ts";
import { LineReader } from "./line-reader.ts";

/** The lines of a whole text, by the words of the contract. */
function plainLines(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
  if (text === "" || text.endsWith("\n")) lines.pop();
  return lines;
}

/** Gives out at most `most` bytes at a time. */
function streamOf(bytes: Uint8Array, start: number, most: number): ByteStream {
  let position = start;
  return {
    read(target, offset, length) {
      const piece = bytes.subarray(position, position + Math.min(length, most));
      target.set(piece, offset);
      position += piece.length;
      return piece.length;
    },
    close: () => undefined,
  };
}

function linesOf(reader: LineReader, asTexts = false): string[] {
  const lines: string[] = [];
  const span = new TextSpan();
  for (let texts = asTexts ? reader.nextTexts() : undefined; texts !== undefined; texts = reader.nextTexts()) {
    expect(texts.length).toBeGreaterThan(0);
    for (let at = 0; at < texts.length; at++) {
      texts.show(at, span);
      // Also behind the last one, whatever was read there before.
      expect([10, 13]).toContain(span.bytes[span.to]);
      lines.push(span.toString());
    }
  }
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) {
    expect(batch.length).toBeGreaterThan(0);
    lines.push(...batch);
  }
  expect(reader.next()).toBeUndefined();
  return lines;
}

const piece = fc.oneof(
  fc.constantFrom("\n", "\r\n", "\r", "é", "😀", "\u2028", "\uFEFF", "a", "bc", "\n\n"),
  fc.string({ unit: "grapheme", maxLength: 30 }),
);
const text = fc.oneof(
  fc.array(piece, { maxLength: 40 }).map((pieces) => new Uint8Array(Buffer.from(pieces.join("")))),
  fc.uint8Array({ maxLength: 60 }),
  fc
    .array(fc.constantFrom(10, 13, 97, 0xc3, 0xa9, 0xef, 0xbb, 0xbf), { maxLength: 60 })
    .map((bytes) => Uint8Array.from(bytes)),
);
const sizes = fc.record({
  readBytes: fc.integer({ min: 1, max: 50 }),
  batchBytes: fc.integer({ min: 1, max: 50 }),
  most: fc.integer({ min: 1, max: 50 }),
});

test("any text with any sizes gives the lines of a plain split", () => {
  fc.assert(
    fc.property(text, sizes, fc.boolean(), (bytes, { readBytes, batchBytes, most }, asTexts) => {
      const stream = streamOf(bytes, 0, most);
      const reader = new LineReader({
        path: "x",
        stream,
        fileStart: true,
        ownedBytes: Infinity,
        readBytes,
        batchBytes,
      });
      expect(linesOf(reader, asTexts)).toEqual(plainLines(bytes));
    }),
    { numRuns: 2_000 },
  );
});

test("any cuts into parts give every line once, in order", () => {
  fc.assert(
    fc.property(text, fc.array(fc.nat(60), { maxLength: 4 }), sizes, fc.boolean(), (bytes, cuts, size, asTexts) => {
      const { readBytes, batchBytes, most } = size;
      const bounds = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort((a, b) => a - b);
      const lines = bounds.slice(1).flatMap((end, index) => {
        const start = bounds[index]!;
        const from = Math.max(0, start - 1);
        const stream = streamOf(bytes, from, most);
        return linesOf(
          new LineReader({ path: "x", stream, fileStart: start === 0, ownedBytes: end - from, readBytes, batchBytes }),
          asTexts,
        );
      });
      expect(lines).toEqual(plainLines(bytes));
    }),
    { numRuns: 2_000 },
  );
});

test("a batch is about as large as asked for, and a line may be longer than the buffer", () => {
  const bytes = Buffer.from(`${"x".repeat(9)}\n`.repeat(100) + "y".repeat(5_000) + "\nz");
  const stream = streamOf(bytes, 0, Infinity);
  const reader = new LineReader({
    path: "x",
    stream,
    fileStart: true,
    ownedBytes: Infinity,
    readBytes: 300,
    batchBytes: 100,
  });
  expect(reader.next()).toHaveLength(10);
  const rest = linesOf(reader);
  expect(rest).toHaveLength(92);
  expect(rest.at(-2)).toHaveLength(5_000);
});
