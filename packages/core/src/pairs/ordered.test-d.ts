import { expectTypeOf, test } from "vitest";
import type { Rdd } from "../index.ts";

declare const pairs: Rdd<[string, number]>;

test("ordered", () => {
  expectTypeOf(pairs.repartitionAndSortWithinPartitions(3)).toEqualTypeOf<Rdd<[string, number]>>();
  const byLength = { partitions: 2, partition: (key: string) => key.length % 2 };
  const sorted = pairs.repartitionAndSortWithinPartitions(byLength, { compare: (a, b) => a.localeCompare(b) });
  expectTypeOf(sorted).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(pairs.filterByRange("a", "f")).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(pairs.filterByRange("f", "a", { compare: (a, b) => (a < b ? 1 : -1) })).toEqualTypeOf<
    Rdd<[string, number]>
  >();
  // @ts-expect-error: keys are texts
  pairs.filterByRange(1, 2);
});
