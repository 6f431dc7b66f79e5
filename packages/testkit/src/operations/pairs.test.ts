import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { canonical, grouped, numbers, shapes, sliced, wordPairs } from "./sequences.ts";

onEveryMaster("pairs", (gc) => {
  describe.each(shapes)("$length pairs in $partitions partitions", ({ length, partitions }) => {
    const pairs = wordPairs(length);
    const groups = [...grouped(pairs)];
    const rdd = () => gc().parallelize(pairs, partitions);

    test("keys, values, mapValues, flatMapValues", async () => {
      expect(await rdd().keys().collect()).toEqual(pairs.map(([key]) => key));
      expect(await rdd().values().collect()).toEqual(pairs.map(([, value]) => value));
      expect(await rdd().mapValues((n) => n + 1).collect()).toEqual(pairs.map(([key, n]) => [key, n + 1])); // prettier-ignore
      const twice = rdd().flatMapValues((n) => (n % 2 === 0 ? [] : [n, -n]));
      expect(await twice.collect()).toEqual(
        pairs.flatMap(([key, n]) => (n % 2 === 0 ? [] : [[key, n], [key, -n]])), // prettier-ignore
      );
    });

    test("reduceByKey", async () => {
      const expected = groups.map(([key, values]) => [key, values.reduce((a, b) => a + b)]);
      expect(canonical(await rdd().reduceByKey((a, b) => a + b).collect())).toEqual(canonical(expected)); // prettier-ignore
      expect(canonical(await rdd().reduceByKey((a, b) => a + b, 2).collect())).toEqual(canonical(expected)); // prettier-ignore
    });

    test("reduceByKey adds values in their order", async () => {
      const joined = rdd().mapValues((n) => String(n)).reduceByKey((a, b) => `${a},${b}`); // prettier-ignore
      const expected = groups.map(([key, values]) => [key, values.join(",")]);
      expect(canonical(await joined.collect())).toEqual(canonical(expected));
    });

    test.each([true, false])("combineByKey with map-side combine %s", async (mapSideCombine) => {
      const combined = rdd().combineByKey(
        (n) => ({ list: [n] }),
        (combiner, n) => {
          combiner.list.push(n);
          return combiner;
        },
        (a, b) => ({ list: [...a.list, ...b.list] }),
        { partitions: 3, mapSideCombine },
      );
      const expected = groups.map(([key, list]) => [key, { list }]);
      expect(canonical(await combined.collect())).toEqual(canonical(expected));
    });

    test("aggregateByKey begins with a fresh zero for each key", async () => {
      const collected = rdd().aggregateByKey(
        { values: [] as number[] },
        (result, n) => {
          result.values.push(n);
          return result;
        },
        (a, b) => ({ values: [...a.values, ...b.values] }),
        2,
      );
      const expected = groups.map(([key, values]) => [key, { values }]);
      expect(canonical(await collected.collect())).toEqual(canonical(expected));
    });

    test("foldByKey", async () => {
      const expected = groups.map(([key, values]) => [key, Math.max(...values)]);
      expect(canonical(await rdd().foldByKey(-1, (a, b) => Math.max(a, b)).collect())).toEqual(canonical(expected)); // prettier-ignore
    });

    test("groupByKey and groupBy", async () => {
      expect(canonical(await rdd().groupByKey().collect())).toEqual(canonical(groups));
      const byLast = [...grouped(pairs.map((pair) => [pair[1] % 10, pair]))];
      expect(canonical(await rdd().groupBy(([, n]) => n % 10, 3).collect())).toEqual(canonical(byLast)); // prettier-ignore
    });

    test("countByKey", async () => {
      expect(await rdd().countByKey()).toEqual(new Map(groups.map(([key, values]) => [key, values.length])));
    });

    test("partitionBy", async () => {
      const byLast = { partitions: 3, partition: (key: string) => Number(key.at(-1)) % 3 };
      const parts = await rdd().partitionBy(byLast).glom().collect();
      const model = sliced([], 3).map((_, p) => pairs.filter(([key]) => byLast.partition(key) === p));
      expect(parts).toEqual(model);
      const hashed = await rdd().partitionBy(4).glom().collect();
      expect(canonical(hashed.flat())).toEqual(canonical(pairs));
      const homes = new Map<string, number>();
      hashed.forEach((part, p) =>
        part.forEach(([key]) => expect(homes.get(key) ?? homes.set(key, p).get(key)).toBe(p)),
      );
    });
  });

  test("keys go by value: tuples, objects, Dates, mixed kinds", async () => {
    const keys = [
      [1, "a"],
      { x: 1, y: [2] },
      new Date(7),
      1,
      "1",
      1n,
      null,
      undefined,
      NaN,
      true,
      new Uint8Array([1, 2]),
    ];
    const pairs = numbers(60).map((i): [unknown, number] => [structuredClone(keys[i % keys.length]), 1]);
    const counts = await gc().parallelize(pairs, 4).reduceByKey((a, b) => a + b, 3).collect(); // prettier-ignore
    expect(counts).toHaveLength(keys.length);
    expect(counts.reduce((sum, [, n]) => sum + n, 0)).toBe(60);
  });

  test("a key without equality by value is refused with a code", async () => {
    const pairs = gc().range(3).map((x) => [new Map([[x, x]]), 1]); // prettier-ignore
    await expect(pairs.groupByKey().count()).rejects.toMatchObject({ cause: { code: "GLOAM_KEY_UNSUPPORTED" } });
  });

  test("numbers that are all distinct, and all equal", async () => {
    const distinct = gc().range(50_000, { partitions: 3 }).map((x) => [x * 1.5, 1]).reduceByKey((a, b) => a + b); // prettier-ignore
    expect(await distinct.count()).toBe(50_000);
    const equal = gc().range(50_000, { partitions: 3 }).map((x) => [0, x]).reduceByKey((a, b) => a + b); // prettier-ignore
    expect(await equal.collect()).toEqual([[0, 1_249_975_000]]);
  });

  test("operations by the same partitioning need no further shuffle", async () => {
    const placed = gc().parallelize(wordPairs(500), 4).partitionBy(3).mapValues((n) => n + 1).filter(([, n]) => n > 5); // prettier-ignore
    const sums = placed.reduceByKey((a, b) => a + b);
    expect(sums.node.dependencies[0]?.kind).toBe("narrow");
    const expected = [...grouped(wordPairs(500).map(([key, n]) => [key, n + 1] as const).filter(([, n]) => n > 5))] // prettier-ignore
      .map(([key, values]) => [key, values.reduce((a, b) => a + b)]);
    expect(canonical(await sums.collect())).toEqual(canonical(expected));
    expect(
      canonical(
        await placed
          .groupByKey()
          .mapValues((values) => values.length)
          .collect(),
      ),
    ).toEqual(
      // prettier-ignore
      canonical([...grouped(await placed.collect())].map(([key, values]) => [key, values.length])),
    );
  });
});
