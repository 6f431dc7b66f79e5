import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { canonical, grouped, numbers } from "./sequences.ts";

type Pairs = [string, number][];

const left: Pairs = numbers(400).map((i) => [`k${i % 50}`, i]);
const right: Pairs = numbers(90).map((i) => [`k${(i % 30) + 35}`, -i]);

/** The join of two lists, the values of each side in their order; undefined keeps the keys that one side lacks. */
function joined(a: Pairs, b: Pairs, keepLeft: boolean, keepRight: boolean): unknown[] {
  const [as, bs] = [grouped(a), grouped(b)];
  return [...new Set([...as.keys(), ...bs.keys()])].flatMap((key) => {
    const lefts = as.get(key) ?? (keepRight ? [undefined] : []);
    const rights = bs.get(key) ?? (keepLeft ? [undefined] : []);
    return lefts.flatMap((l) => rights.map((r) => [key, [l, r]]));
  });
}

onEveryMaster("joins", (gc) => {
  const inputs: Record<string, [Pairs, Pairs]> = {
    "keys on both sides and on one": [left, right],
    "an empty left side": [[], right],
    "an empty right side": [left, []],
    "no key in common": [left.slice(0, 10), right.slice(-3)],
  };

  describe.each(Object.entries(inputs))("%s", (_, [a, b]) => {
    const as = () => gc().parallelize(a, 3);
    const bs = () => gc().parallelize(b, 2);

    test("join", async () => {
      expect(canonical(await as().join(bs()).collect())).toEqual(canonical(joined(a, b, false, false)));
    });

    test("leftOuterJoin", async () => {
      expect(canonical(await as().leftOuterJoin(bs()).collect())).toEqual(canonical(joined(a, b, true, false)));
    });

    test("rightOuterJoin", async () => {
      expect(canonical(await as().rightOuterJoin(bs()).collect())).toEqual(canonical(joined(a, b, false, true)));
    });

    test("fullOuterJoin", async () => {
      expect(canonical(await as().fullOuterJoin(bs(), 4).collect())).toEqual(canonical(joined(a, b, true, true)));
    });

    test("cogroup", async () => {
      const [ga, gb] = [grouped(a), grouped(b)];
      const expected = [...new Set([...ga.keys(), ...gb.keys()])].map((k) => [k, [ga.get(k) ?? [], gb.get(k) ?? []]]);
      expect(canonical(await as().cogroup(bs()).collect())).toEqual(canonical(expected));
    });
  });

  test("cogroup of four, with a partitioner", async () => {
    const rdd = (n: number) => gc().range(n).map((x) => [x % 3, x]); // prettier-ignore
    const byKey = { partitions: 3, partition: (key: number) => key };
    const grouping = await rdd(3).cogroup(rdd(6), rdd(0), rdd(1), byKey).collect();
    expect(grouping).toEqual([
      [0, [[0], [0, 3], [], [0]]],
      [1, [[1], [1, 4], [], []]],
      [2, [[2], [2, 5], [], []]],
    ]);
  });

  test("an undefined value is a value, not a missing side", async () => {
    const a = gc().parallelize<[string, number | undefined]>([["x", undefined]]); // prettier-ignore
    const b = gc().parallelize<[string, number | undefined]>([["x", 1], ["y", undefined]]); // prettier-ignore
    expect(await a.join(b).collect()).toEqual([["x", [undefined, 1]]]);
    expect(
      canonical(
        await a
          .fullOuterJoin(b)
          .mapValues((sides) => sides.length)
          .collect(),
      ),
    ).toEqual(
      // prettier-ignore
      canonical([["x", 2], ["y", 2]]), // prettier-ignore
    );
  });

  test("co-partitioned sides join without a shuffle, a side alone is shuffled to the other", async () => {
    const placed = gc().parallelize(left, 3).reduceByKey((a, b) => a + b, 5); // prettier-ignore
    const again = placed.mapValues((n) => n * 2);
    const together = placed.join(again);
    expect(together.node.dependencies.map(({ kind }) => kind)).toEqual(["narrow", "narrow"]);
    expect(await together.filter(([, [n, twice]]) => twice !== 2 * n).count()).toBe(0); // prettier-ignore
    const half = placed.join(gc().parallelize(right, 2));
    expect(half.node.dependencies.map(({ kind }) => kind)).toEqual(["narrow", "shuffle"]);
    expect(await half.getNumPartitions()).toBe(5);
    const sums = [...grouped(left)].map(([key, ns]): [string, number] => [key, ns.reduce((a, b) => a + b)]);
    expect(canonical(await half.collect())).toEqual(canonical(joined(sums, right, false, false)));
  });

  test("an RDD joins itself", async () => {
    const rdd = gc().parallelize(left.slice(0, 60), 3);
    expect(canonical(await rdd.join(rdd).collect())).toEqual(
      canonical(joined(left.slice(0, 60), left.slice(0, 60), false, false)),
    );
  });
});
