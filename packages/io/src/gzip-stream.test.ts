import { Buffer } from "node:buffer";
import { deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ByteStream } from "./byte-stream.ts";
import { GzipStream } from "./gzip-stream.ts";

function inflate(file: Uint8Array, inputStep = Infinity, outputStep = 1000): Buffer {
  let position = 0;
  const source: ByteStream = {
    read(target, offset, length) {
      const piece = file.subarray(position, position + Math.min(length, inputStep));
      target.set(piece, offset);
      position += piece.length;
      return piece.length;
    },
    close: () => undefined,
  };
  const stream = new GzipStream("x.gz", source);
  const pieces: Buffer[] = [];
  for (;;) {
    const piece = Buffer.alloc(outputStep + 2);
    const read = stream.read(piece, 1, outputStep);
    expect(piece[0]! + piece[outputStep + 1]!).toBe(0);
    if (read === 0) break;
    pieces.push(piece.subarray(1, 1 + read));
  }
  stream.close();
  return Buffer.concat(pieces);
}

test("any members, read and written in any steps, give the original bytes", () => {
  const member = fc.tuple(
    fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.nat(3_000).map((length) => new Uint8Array(length).fill(65)),
    ),
    fc.constantFrom(0, 1, 9),
  );
  fc.assert(
    fc.property(
      fc.array(member, { maxLength: 4 }),
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 50, max: 70_000 }),
      (members, input, output) => {
        const file = Buffer.concat(members.map(([bytes, level]) => gzipSync(bytes, { level })));
        expect(inflate(file, input, output).equals(Buffer.concat(members.map(([bytes]) => bytes)))).toBe(true);
      },
    ),
    { numRuns: 100 },
  );
});

test("headers may carry extra data, names, comments and a checksum, and zeros may follow", () => {
  const trailer = gzipSync("hello").subarray(-8);
  const header = Buffer.from([0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 3, 3, 0, 7, 7, 7, 97, 0, 98, 98, 0, 1, 2]);
  const file = Buffer.concat([header, deflateRawSync("hello"), trailer]);
  expect(inflate(Buffer.concat([file, file, Buffer.alloc(600)]), 3).toString()).toBe("hellohello");
  expect(inflate(Buffer.alloc(0)).length).toBe(0);
});

test("every cut and every changed bit of the data is noticed", () => {
  const file = gzipSync("some text, some text, some more text");
  for (let length = 1; length < file.length; length++) {
    expect(() => inflate(file.subarray(0, length)), `${length} bytes`).toThrow(/GLOAM_INPUT_UNREADABLE.*x\.gz/);
  }
  // The last byte before the trailer has bits that mean nothing.
  for (let bit = 10 * 8; bit < file.length * 8; bit++) {
    if (bit >> 3 === file.length - 9) continue;
    const damaged = Buffer.from(file);
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => inflate(damaged), `bit ${bit}`).toThrow(/GLOAM_INPUT_UNREADABLE.*x\.gz/);
  }
  expect(() => inflate(Buffer.concat([file, Buffer.from("junk junk junk")]))).toThrow("GLOAM_INPUT_UNREADABLE");
});

test("a file that inflates to much more than memory should hold is read in steps", () => {
  const member = gzipSync(Buffer.alloc(8 * 2 ** 20, "a"));
  const file = Buffer.concat(Array.from({ length: 8 }, () => member));
  let position = 0;
  const source: ByteStream = {
    read(target, offset, length) {
      const piece = file.subarray(position, (position += Math.min(length, file.length - position)));
      target.set(piece, offset);
      return piece.length;
    },
    close: () => undefined,
  };
  const stream = new GzipStream("x.gz", source);
  const target = new Uint8Array(100_000);
  const before = process.memoryUsage().arrayBuffers;
  let total = 0;
  for (let read = 1; read > 0; total += read) read = stream.read(target, 0, target.length);
  stream.close();
  expect(total).toBe(64 * 2 ** 20);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
});
