import fc from "fast-check";
import { expect, test } from "vitest";
import { createBucketCounter } from "./bucket-counter.ts";

/** By definition. */
function model(bounds: readonly number[], values: readonly number[]): number[] {
  const last = bounds.length - 2;
  return bounds
    .slice(1)
    .map((upper, i) => values.filter((x) => x >= bounds[i]! && (x < upper || (i === last && x === upper))).length);
}

function counted(bounds: readonly number[], values: readonly number[]): number[] {
  const counter = createBucketCounter(bounds);
  for (const value of values) counter.add(value);
  return Array.from(counter.counts);
}

test("numbers lie in the buckets of the definition, evenly spaced or not", () => {
  const any = fc.double();
  const bounds = fc.uniqueArray(any.filter((x) => !Number.isNaN(x)), { minLength: 2, maxLength: 9 }); // prettier-ignore
  fc.assert(
    fc.property(bounds, fc.array(any), (given, values) => {
      const sorted = given.map((x) => x + 0).toSorted((a, b) => a - b);
      fc.pre(sorted.every((bound, i) => i === 0 || bound > sorted[i - 1]!));
      const all = [...values, ...sorted, NaN, 0, -0];
      expect(counted(sorted, all)).toEqual(model(sorted, all));
    }),
  );
});

test("nor does rounding put numbers at bounds into neighbours", () => {
  const spacing = fc.record({
    lowest: fc.double({ min: -1000, max: 1000, noNaN: true }),
    width: fc.double({ min: 1e-9, max: 10, noNaN: true }),
    buckets: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(spacing, ({ lowest, width, buckets }) => {
      const bounds = Array.from({ length: buckets + 1 }, (_, i) => lowest + (i * width * buckets) / buckets);
      fc.pre(bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]!));
      const values = bounds.flatMap((bound) => [bound, bound * (1 + 2 ** -52), bound * (1 - 2 ** -52)]);
      expect(counted(bounds, values)).toEqual(model(bounds, values));
    }),
  );
});

test("one bucket without width has what equals its bounds", () => {
  expect(counted([3, 3], [2, 3, 3, 4])).toEqual([2]);
});
