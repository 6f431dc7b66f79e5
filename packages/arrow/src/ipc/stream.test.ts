import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createBatchBuilder } from "../build/batch-builder.ts";
import type { ColumnBatch } from "../column.ts";
import { rowsOf } from "../read/rows-of.ts";
import { decodeBatches } from "./decode.ts";
import { encodeBatches, StreamEncoder } from "./encode.ts";
import { StreamReader } from "./stream-reader.ts";

function batchOf(rows: readonly unknown[]): ColumnBatch {
  const builder = createBatchBuilder();
  for (const row of rows) expect(builder.append(row)).toBe(true);
  return builder.finish();
}

function readerOf(bytes: Uint8Array, step = Infinity): StreamReader {
  let at = 0;
  return new StreamReader((target, offset, length) => {
    const piece = bytes.subarray(at, at + Math.min(length, step));
    target.set(piece, offset);
    at += piece.length;
    return piece.length;
  });
}

function readAll(bytes: Uint8Array, step?: number): unknown[][] {
  const reader = readerOf(bytes, step);
  const all: unknown[][] = [];
  for (let batch = reader.next(); batch !== undefined; batch = reader.next()) all.push(rowsOf(batch));
  return all;
}

function encoded(batches: readonly ColumnBatch[]): Uint8Array {
  const encoder = new StreamEncoder();
  return Buffer.concat([...batches.map((batch) => encoder.encode(batch)), encoder.finish()]);
}

const rows = fc.oneof(
  fc.array(fc.integer(), { minLength: 1 }),
  fc.array(fc.string(), { minLength: 1 }),
  fc.array(fc.tuple(fc.string(), fc.double()), { minLength: 1 }),
);

test("batches one by one are what all of them together are, in any steps", () => {
  fc.assert(
    fc.property(fc.array(rows), fc.integer({ min: 1, max: 100 }), (lists, step) => {
      const batches = lists.map(batchOf);
      const bytes = encoded(batches);
      expect(Buffer.compare(bytes, encodeBatches(batches))).toBe(0);
      expect(readAll(bytes, step)).toEqual(decodeBatches(bytes).map((batch) => rowsOf(batch)));
    }),
  );
});

describe("what is no stream", () => {
  const whole = encoded([batchOf([1, 2, 3]), batchOf(["a"])]);

  test("nothing at all is a stream without batches", () => {
    expect(readAll(new Uint8Array(0))).toEqual([]);
    expect(encoded([])).toHaveLength(0);
  });

  test("cut anywhere, but between two streams", () => {
    const first = encoded([batchOf([1, 2, 3])]);
    expect(readAll(first)).toEqual([[1, 2, 3]]);
    for (let length = 1; length < whole.length; length++) {
      if (length !== first.length) expect(() => readAll(whole.subarray(0, length))).toThrow("GLOAM_BLOCK_CORRUPT");
    }
  });

  test("lengths of any size take no memory", () => {
    for (const length of [-8, 12, 2 ** 31 - 8]) {
      const bytes = new Uint8Array(64);
      new DataView(bytes.buffer).setUint32(0, 0xffffffff, true);
      new DataView(bytes.buffer).setInt32(4, length, true);
      expect(() => readAll(bytes)).toThrow("GLOAM_BLOCK_CORRUPT");
    }
    expect(() => readAll(Buffer.from("just some text"))).toThrow("no Arrow IPC stream");
  });
});
