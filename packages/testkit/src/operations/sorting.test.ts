import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { numbers, shapes, wordPairs, words } from "./sequences.ts";

const byUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

onEveryMaster("sorting", (gc) => {
  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const pairs = wordPairs(length);
    const rdd = () => gc().parallelize(pairs, partitions);

    test("sortByKey", async () => {
      const ascending = pairs.toSorted(([a], [b]) => byUnits(a, b));
      expect(await rdd().sortByKey().collect()).toEqual(ascending);
      const three = rdd().sortByKey({ partitions: 3 });
      expect(await three.getNumPartitions()).toBe(3);
      expect(await three.collect()).toEqual(ascending);
      const descending = pairs.toSorted(([a], [b]) => byUnits(b, a));
      expect(await rdd().sortByKey({ ascending: false }).collect()).toEqual(descending);
    });

    test("sortBy", async () => {
      const elements = numbers(length).map((i) => (i * 7919) % 1009);
      const numeric = gc().parallelize(elements, partitions);
      expect(await numeric.sortBy((x) => x).collect()).toEqual(elements.toSorted((a, b) => a - b)); // prettier-ignore
      const byLast = elements.toSorted((a, b) => (a % 10) - (b % 10));
      expect(await numeric.sortBy((x) => x % 10, { partitions: 2 }).collect()).toEqual(byLast);
      const compared = elements.toSorted((a, b) => (b % 7) - (a % 7));
      expect(await numeric.sortBy((x) => x % 7, { compare: (a, b) => b - a }).collect()).toEqual(compared);
    });
  });

  test("keys of every kind come in the order of keys", async () => {
    const ascending = [
      undefined,
      null,
      false,
      true,
      -Infinity,
      -1,
      0.5,
      1,
      1n,
      2n,
      NaN,
      "",
      "a",
      "b",
      [1],
      [1, 2],
      { a: 1 },
    ];
    const shuffled = [...ascending, ...ascending].map((key, i) => [key, i] as [unknown, number]).reverse();
    const sorted = await gc().parallelize(shuffled, 3).sortByKey({ partitions: 2 }).keys().collect(); // prettier-ignore
    expect(sorted).toEqual(ascending.flatMap((key) => [key, key]));
  });

  test("tuples sort by element, with ties", async () => {
    const elements = words(500).map((word, i) => ({ word, i }));
    const sorted = await gc().parallelize(elements, 4).sortBy(({ word, i }) => [word.length, word, -i]).collect(); // prettier-ignore
    const expected = elements.toSorted((a, b) => a.word.length - b.word.length || byUnits(a.word, b.word) || b.i - a.i);
    expect(sorted).toEqual(expected);
  });

  test("a sorted RDD goes on by key without a shuffle", async () => {
    const sorted = gc().parallelize(wordPairs(300), 3).sortByKey({ partitions: 3 }); // prettier-ignore
    const sums = sorted.reduceByKey((a, b) => a + b);
    expect(sums.node.dependencies[0]?.kind).toBe("narrow");
    expect(await sums.count()).toBe(97);
  });
});
