import { isGloamError } from "@gloam/common";
import type { OutputHandle } from "@gloam/storage";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chunkBytesOf, compactIndex, segmentsOf } from "./compact-index.ts";

// Tens of thousands of errors are made here, and most of their cost is in stacks that nobody reads.
const { stackTraceLimit } = Error;
beforeAll(() => void (Error.stackTraceLimit = 0));
afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));

/** A handle with these chunks, given in order of segments. */
function handleOf(chunks: readonly (readonly [segment: number, bytes: number])[]): OutputHandle {
  const extents = Uint32Array.from(chunks.flatMap(([segment, bytes]) => [segment, 7, 0, 0, bytes, 0]));
  return { store: 1, output: 2, extents, file: undefined };
}

const chunks = fc
  .array(fc.tuple(fc.oneof(fc.nat(20), fc.nat(0xfffffffe)), fc.oneof(fc.nat(300), fc.nat(0xffffffff))), {
    maxLength: 60,
  })
  .map((list) => list.sort(([a], [b]) => a - b));

test("an index gives back the bytes of every chunk, and nothing for an empty segment", () => {
  fc.assert(
    fc.property(chunks, fc.nat(0xffffffff), (list, other) => {
      const index = compactIndex(handleOf(list));
      for (const segment of [...new Set(list.map(([each]) => each)), other]) {
        expect(chunkBytesOf(index, segment)).toEqual(
          list.flatMap(([each, bytes]) => (each === segment ? [bytes] : [])),
        );
      }
    }),
  );
});

test("all segments of an index are those that have chunks", () => {
  fc.assert(
    fc.property(chunks, (list) => {
      const segments = segmentsOf(compactIndex(handleOf(list)));
      expect(segments.flatMap(({ segment, chunkBytes }) => chunkBytes.map((bytes) => [segment, bytes]))).toEqual(list);
      expect(segments.map(({ segment }) => segment)).toEqual([...new Set(list.map(([segment]) => segment))]);
    }),
  );
});

test("an index of many segments of one chunk is small", () => {
  const index = compactIndex(handleOf(Array.from({ length: 1000 }, (_, segment) => [segment, 50_000])));
  expect(index.length).toBe(5000);
  expect(chunkBytesOf(index, 999)).toEqual([50_000]);
});

test("what no index is gives an error with its code, or lengths within the bytes that are there", () => {
  const results = { refused: 0, read: 0 };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(300), (bytes, segment) => {
      try {
        const { length } = chunkBytesOf(bytes, segment);
        if (length > bytes.length) throw new Error(`${length} chunks of ${bytes.length} bytes`);
        results.read++;
      } catch (error) {
        if (!isGloamError(error) || error.code !== "GLOAM_BLOCK_CORRUPT") throw error;
        results.refused++;
      }
    }),
    { numRuns: 20_000 },
  );
  expect(results.refused).toBeGreaterThan(1000);
});

test("an index that is cut off is refused where that shows", () => {
  const index = compactIndex(handleOf([[3, 100], [3, 40_000], [9, 7]])); // prettier-ignore
  const outcomes = Array.from(index.keys(), (length) => {
    try {
      return chunkBytesOf(index.subarray(0, length), 9);
    } catch (error) {
      return (error as { readonly code: string }).code;
    }
  });
  // Between two segments nothing shows.
  expect(outcomes.map((outcome) => typeof outcome === "string")).toEqual([false, true, true, true, true, true, false, true, true]); // prettier-ignore
});
