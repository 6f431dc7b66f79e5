import fc from "fast-check";
import { expect, test } from "vitest";
import { evenTable } from "./fix-skew.ts";

test("buckets go to partitions in order, each partition about its share, as far as buckets allow", () => {
  const some = fc.array(fc.nat(1000), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 20 }), (counts, partitions) => {
      const table = evenTable(Float64Array.from(counts), partitions);
      const sums = Array.from<number>({ length: partitions }).fill(0);
      table.forEach((partition, bucket) => {
        expect(partition).toBeLessThan(partitions);
        if (bucket > 0) expect(partition).toBeGreaterThanOrEqual(table[bucket - 1]!);
        sums[partition]! += counts[bucket]!;
      });
      const total = counts.reduce((a, b) => a + b);
      expect(Math.max(...sums)).toBeLessThanOrEqual(total / partitions + Math.max(...counts) + 1e-9);
    }),
  );
});

test("what was not seen is spread evenly", () => {
  expect([...evenTable(new Float64Array(8), 4)]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
});
