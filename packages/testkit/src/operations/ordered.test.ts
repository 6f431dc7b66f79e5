import { compareKeys } from "@gloam/plan";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { canonical, numbers, shapes, wordPairs } from "./sequences.ts";

type Pair = [unknown, unknown];
const key = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom<unknown>("a", "b", "bb", null, [1], [1, 2], NaN));
const pairs = fc.oneof(
  fc.array(fc.tuple(key, fc.integer()), { maxLength: 40 }),
  fc.array(fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer()), { maxLength: 40 }),
  fc.array(fc.tuple(fc.constantFrom("a", "b", "bb", "c", ""), fc.integer()), { maxLength: 40 }),
);
const byKey = ([a]: Pair, [b]: Pair): number => compareKeys(a, b);
const within = (given: readonly Pair[], lower: unknown, upper: unknown): Pair[] =>
  given.filter(([k]) => compareKeys(k, lower) >= 0 && compareKeys(k, upper) <= 0);

onEveryMaster("ordered", (gc) => {
  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const elements = wordPairs(length);
    const rdd = () => gc().parallelize(elements, partitions);

    test("repartitionAndSortWithinPartitions", async () => {
      const byLength = { partitions: 3, partition: (word: string) => word.length % 3 };
      const parts = await rdd().repartitionAndSortWithinPartitions(byLength).glom().collect();
      const expected = numbers(3).map((part) => elements.filter(([word]) => word.length % 3 === part).toSorted(byKey));
      expect(parts).toEqual(expected);
      const reversed = await rdd()
        .repartitionAndSortWithinPartitions(byLength, { compare: (a, b) => Number(b.slice(5)) - Number(a.slice(5)) })
        .glom()
        .collect();
      const number = ([word]: [string, number]) => Number(word.slice(5));
      expect(reversed).toEqual(expected.map((part) => elements.filter((each) => part.some(([word]) => word === each[0])).toSorted((a, b) => number(b) - number(a)))); // prettier-ignore
    });

    test("filterByRange", async () => {
      const expected = within(elements, "word 2", "word 40");
      expect(await rdd().filterByRange("word 2", "word 40").collect()).toEqual(expected);
      const sorted = rdd().sortByKey({ partitions: 4 });
      expect(await sorted.filterByRange("word 2", "word 40").collect()).toEqual(expected.toSorted(byKey));
      expect(await sorted.filterByRange("word 40", "word 2").collect()).toEqual([]);
    });
  });

  test("random keys", async () => {
    await fc.assert(
      fc.asyncProperty(
        pairs,
        key,
        key,
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        async (given, a, b, n, ascending) => {
          // prettier-ignore
          const [lower, upper] = [a, b].toSorted(compareKeys);
          const rdd = gc().parallelize<Pair>(given, n);
          const sorted = rdd.sortByKey({ ascending, partitions: n });
          const expected = within(given, lower, upper);
          const direction = ascending ? byKey : (x: Pair, y: Pair) => byKey(y, x);
          expect(await rdd.filterByRange(lower, upper).collect()).toEqual(expected);
          expect(await sorted.filterByRange(lower, upper).collect()).toEqual(expected.toSorted(direction));
          const found = given.filter(([k]) => compareKeys(k, a) === 0).map(([, value]) => value);
          expect(await sorted.lookup(a)).toEqual(found);
          const placed = await rdd.repartitionAndSortWithinPartitions(n, { ascending }).glom().collect();
          for (const part of placed) expect(part).toEqual(part.toSorted(direction));
          expect(canonical(placed.flat())).toEqual(canonical(given));
          // Equal keys stay in their order, and lie in one partition.
          for (const k of new Set(given.map(([each]) => each))) {
            const values = (rows: readonly Pair[]) =>
              rows.filter(([each]) => compareKeys(each, k) === 0).map(([, v]) => v);
            expect(values(placed.flat())).toEqual(values(given));
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  test("a range of a sorted RDD reads the same shuffle, and keeps it", async () => {
    const length = 40_000;
    const sorted = gc()
      .range(length, { partitions: 4 })
      .map((x) => [(x * 7919) % length, x])
      .sortByKey({ partitions: 8 });
    expect(await sorted.count()).toBe(length);
    const range = sorted.filterByRange(1000, 1009);
    expect(await range.keys().collect()).toEqual(numbers(10).map((i) => 1000 + i));
    expect(range.node.dependencies[0]?.parent.dependencies).toEqual(sorted.node.dependencies);
    sorted.dispose();
    expect(await range.count()).toBe(10);
    const both = gc().range(100).map((x) => [x, x]).sortByKey(); // prettier-ignore
    expect(await both.union(both.filterByRange(0, 9)).count()).toBe(110);
  });

  test("a cached sort is read from the cache, a user's comparison filters by itself", async () => {
    const cached = gc().range(50).map((x) => [x, x]).sortByKey().cache(); // prettier-ignore
    await cached.count();
    expect(cached.filterByRange(1, 3).node.dependencies[0]?.parent).toBe(cached.node);
    expect(await cached.filterByRange(1, 3).values().collect()).toEqual([1, 2, 3]);
    const backwards = { compare: (a: number, b: number) => b - a };
    const reversed = gc().range(50).map((x) => [x, x]).sortByKey(backwards); // prettier-ignore
    expect(await reversed.filterByRange(1, 3).values().collect()).toEqual([3, 2, 1]);
    expect(await reversed.filterByRange(3, 1, backwards).values().collect()).toEqual([3, 2, 1]);
  });

  test("keys stay where they lie, and what lies there already is not shuffled", async () => {
    const placed = gc().range(40).keyBy((x) => x % 8).partitionBy(3); // prettier-ignore
    const sorted = placed.repartitionAndSortWithinPartitions(3);
    expect(sorted.node.dependencies[0]?.kind).toBe("narrow");
    expect(sorted.groupByKey().node.dependencies[0]?.kind).toBe("narrow");
    expect(placed.filterByRange(1, 2).groupByKey().node.dependencies[0]?.kind).toBe("narrow");
    expect(await sorted.groupByKey().count()).toBe(8);
    const slow = gc().range(9).mapAsync(async (x) => Promise.resolve([8 - x, x])); // prettier-ignore
    expect(await slow.repartitionAndSortWithinPartitions(1).keys().collect()).toEqual(numbers(9));
  });

  test("arguments that are not valid", async () => {
    const rdd = gc().range(4).keyBy((x) => x); // prettier-ignore
    expect(() => rdd.repartitionAndSortWithinPartitions(0)).toThrow("GLOAM_ARGUMENT_INVALID: partitions");
    expect(() => rdd.filterByRange(new Map() as never, 1)).toThrow("GLOAM_KEY_UNSUPPORTED");
    expect(() => rdd.filterByRange(0, 1, { compare: 1 as never })).toThrow("GLOAM_ARGUMENT_INVALID: expected a function"); // prettier-ignore
    const maps = gc().parallelize<[unknown, number]>([[new Map(), 1], [new Map(), 2]]); // prettier-ignore
    await expect(maps.repartitionAndSortWithinPartitions(1).count()).rejects.toThrow("GLOAM_KEY_UNSUPPORTED");
    await expect(maps.filterByRange(1, 2).count()).rejects.toThrow("GLOAM_KEY_UNSUPPORTED");
  });
});
