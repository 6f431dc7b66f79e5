import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { grouped, numbers, shapes, wordPairs } from "./sequences.ts";

onEveryMaster("driver maps", (gc) => {
  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const elements = wordPairs(length);
    const groups = grouped(elements);
    const rdd = () => gc().parallelize(elements, partitions);

    test("collectAsMap", async () => {
      expect(await rdd().collectAsMap()).toEqual(new Map(elements));
    });

    test("reduceByKeyLocally", async () => {
      const joined = await rdd().mapValues((n) => `${n}`).reduceByKeyLocally((a, b) => `${a} ${b}`); // prettier-ignore
      expect(joined).toEqual(new Map([...groups].map(([word, ns]) => [word, ns.join(" ")])));
      const sums = await rdd().reduceByKeyLocally((a, b) => a + b);
      expect(sums).toEqual(new Map([...groups].map(([word, ns]) => [word, ns.reduce((a, b) => a + b)])));
    });

    test("lookup", async () => {
      for (const word of ["word 0", "word 96", "none"]) {
        expect(await rdd().lookup(word)).toEqual(groups.get(word) ?? []);
        expect(await rdd().partitionBy(3).lookup(word)).toEqual(groups.get(word) ?? []);
      }
    });
  });

  test("random keys, by value", async () => {
    const key = fc.oneof(
      fc.constantFrom<unknown>(1, "1", true, null, undefined, NaN, 0, 1n, [1, "a"], [1, "b"], { a: 1, b: 2 }),
      fc.integer({ min: 0, max: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(key, fc.integer()), { maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        async (elements, n) => {
          // prettier-ignore
          const rdd = gc().parallelize(elements, n);
          const named = (k: unknown) =>
            `${typeof k} ${typeof k === "bigint" ? String(k) : JSON.stringify(k)} ${k !== k}`;
          const groups = grouped(elements.map(([k, v]) => [named(k), v]));
          const byName = <V>(map: Map<unknown, V>) => new Map([...map].map(([k, v]) => [named(k), v]));
          expect(byName(await rdd.collectAsMap())).toEqual(new Map([...groups].map(([k, vs]) => [k, vs.at(-1)])));
          const sums = byName(await rdd.reduceByKeyLocally((a, b) => a + b));
          expect(sums).toEqual(new Map([...groups].map(([k, vs]) => [k, vs.reduce((a, b) => a + b)])));
          for (const [k] of elements.slice(0, 4)) {
            expect(await rdd.lookup(k)).toEqual(groups.get(named(k)));
            expect(await rdd.partitionBy(3).lookup(k)).toEqual(groups.get(named(k)));
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  test("lookup computes the partition that has the key alone", async () => {
    const byKey = { partitions: 4, partition: (key: number) => key % 4 };
    const only = gc()
      .range(40)
      .keyBy((x) => x)
      .partitionBy(byKey)
      .filter(([key]) => {
        if (key % 4 !== 2) throw new Error("computed in vain");
        return true;
      });
    expect(await only.lookup(6)).toEqual([6]);
    const hashed = gc().range(1000).keyBy((x) => x).reduceByKey((a) => a, 50).mapPartitionsWithIndex((p, pairs) => [...pairs].map(([k]) => [k, p]), { preservesPartitioning: true }); // prettier-ignore
    for (const key of [0, 1, 999, -0]) expect(await hashed.lookup(key)).toHaveLength(1);
    expect(await hashed.lookup(0.5)).toEqual([]);
    const sorted = gc().range(100).keyBy((x) => x % 10).sortByKey({ partitions: 3 }); // prettier-ignore
    expect(await sorted.lookup(7)).toEqual(numbers(10).map((i) => 10 * i + 7));
  });

  test("what is no key, and a partition that is none", async () => {
    const rdd = gc().range(4).keyBy((x) => x); // prettier-ignore
    await expect(rdd.lookup(new Map() as never)).rejects.toMatchObject({ code: "GLOAM_KEY_UNSUPPORTED" });
    const wild = rdd.partitionBy({ partitions: 2, partition: (key) => (key === 9 ? 2 : 0) });
    expect(await wild.lookup(1)).toEqual([1]);
    await expect(wild.lookup(9)).rejects.toMatchObject({ code: "GLOAM_ARGUMENT_INVALID", operation: "lookup" });
    const maps = gc().parallelize<[Map<number, number>, number]>([[new Map(), 1]]);
    await expect(maps.collectAsMap()).rejects.toMatchObject({ code: "GLOAM_KEY_UNSUPPORTED" });
    await expect(maps.reduceByKeyLocally((a) => a)).rejects.toMatchObject({ code: "GLOAM_KEY_UNSUPPORTED" });
  });
});
