import { createBatchBuilder, encodeBatches } from "@gloam/arrow";
import type { BatchReader } from "@gloam/plan";
import { expect, test } from "vitest";
import type { Chunks } from "./block-reader.ts";
import { readCached } from "./read-cached.ts";

/** A block of one number in each chunk; those from `readable` on cannot be read. */
function block(values: readonly number[], computedBy: number | undefined, readable = values.length) {
  return { node: 1, partition: 0, computedBy, handle: { values, readable } };
}

function open(handle: unknown): Chunks {
  const { values, readable } = handle as ReturnType<typeof block>["handle"];
  if (readable === 0) throw new Error("not there");
  return {
    chunks: values.length,
    chunk(index) {
      if (index >= readable) throw new Error(`chunk ${index} is gone`);
      const builder = createBatchBuilder();
      builder.append(values[index]);
      return encodeBatches([builder.finish()]);
    },
    close: () => undefined,
  };
}

class Failed extends Error {}

function read(blocks: readonly ReturnType<typeof block>[]): { readonly rows: number; readonly failed: boolean } {
  let rows = 0;
  let reader: BatchReader | undefined;
  try {
    reader = readCached(blocks, open, (error) => new Failed(String(error)));
    for (let batch = reader.next(); batch !== undefined; batch = reader.next()) rows += batch.length;
    return { rows, failed: false };
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    return { rows, failed: true };
  } finally {
    reader?.close?.();
  }
}

test("a copy takes over at any chunk", () => {
  expect(read([block([1, 2, 3], 7, 1), block([1, 2, 3], 7)])).toEqual({ rows: 3, failed: false });
});

test("what another task computed takes over where nothing has been read, and has as many chunks as it has", () => {
  expect(read([block([1, 2], 7, 0), block([3, 1, 2], 8)])).toEqual({ rows: 3, failed: false });
});

test.each([
  ["what another task computed", 7, 8],
  ["what nobody knows to be a copy", undefined, undefined],
])("%s does not take over in the middle", (_, first, second) => {
  expect(read([block([1, 2, 3], first, 1), block([2, 1], second)])).toEqual({ rows: 1, failed: true });
});

test("a copy takes over also where what another task computed lies between", () => {
  const blocks = [block([1, 2, 3], 7, 2), block([3, 2, 1], 8), block([1, 2, 3], 7)];
  expect(read(blocks)).toEqual({ rows: 3, failed: false });
});

test("where no block can be read, that is said in the scheduler's words", () => {
  expect(read([block([1], 7, 0)])).toEqual({ rows: 0, failed: true });
  expect(read([block([1], 7, 0), block([1], 8, 0)])).toEqual({ rows: 0, failed: true });
});
