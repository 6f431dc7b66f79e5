import { rowsOf } from "@gloam/arrow";
import { hashKey, partitionOf } from "@gloam/plan";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NumberScatter } from "./number-scatter.ts";

const pairs = fc.array(fc.tuple(fc.oneof(fc.integer(), fc.double()), fc.double()), { maxLength: 200 });
const batches = fc.array(pairs, { maxLength: 4 });

test("every pair reaches its destination, in the order of arrival, in batches that are not too large", () => {
  fc.assert(
    fc.property(
      batches,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 300 }),
      (all, destinations, capacity) => {
        const given = Array.from({ length: destinations }, (): unknown[] => []);
        const scatter = new NumberScatter(destinations, capacity, (destination, batch) => {
          expect(batch.length).toBeLessThanOrEqual(Math.max(1, capacity / destinations));
          given[destination]!.push(...rowsOf(batch));
        });
        const expected = given.map((): unknown[] => []);
        all.forEach((some, turn) => {
          // Every other time the caller says where pairs go.
          const targets = turn % 2 === 0 ? undefined : Int32Array.from(some, (_, row) => row % destinations);
          some.forEach((pair, row) =>
            expected[targets?.[row] ?? partitionOf(hashKey(pair[0]), destinations)]!.push(pair),
          );
          scatter.put(
            Float64Array.from(some, ([key]) => key),
            Float64Array.from(some, ([, value]) => value),
            targets,
            some.length,
          );
        });
        scatter.finish();
        expect(given).toEqual(expected);
      },
    ),
  );
});

test("columns are narrow where a batch's numbers are, and memory is used again", () => {
  for (let turn = 0; turn < 2; turn++) {
    const kinds: string[] = [];
    const scatter = new NumberScatter(2, 64, (destination, { column }) => {
      if (column.kind === "tuple") kinds.push(`${destination} ${column.children.map(({ kind }) => kind).join(" ")}`);
    });
    scatter.put(Float64Array.of(1, 2, 3), Float64Array.of(4, 0.5, -0), Int32Array.of(0, 1, 1), 3);
    scatter.finish();
    expect(kinds).toEqual(["0 int32 int32", "1 int32 float64"]);
  }
});

test("more pairs than are staged at once", () => {
  const count = 10_000;
  const sums = [0, 0, 0];
  const scatter = new NumberScatter(3, 3000, (destination, batch) => {
    for (const row of rowsOf(batch)) sums[destination]! += (row as [number, number])[1];
  });
  const keys = Float64Array.from({ length: count }, (_, row) => row);
  scatter.put(keys, keys, undefined, count);
  scatter.finish();
  const expected = [0, 0, 0];
  for (const key of keys) expected[partitionOf(hashKey(key), 3)]! += key;
  expect(sums).toEqual(expected);
});
