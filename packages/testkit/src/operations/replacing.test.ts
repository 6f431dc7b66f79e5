import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { canonical, grouped, numbers, shapes, wordPairs } from "./sequences.ts";

type Pair = [unknown, unknown];
const key = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom<unknown>("a", "b", null, [1, 2], { x: 1 }));
const value = fc.oneof(fc.integer(), fc.constantFrom<unknown>("v", null, [1], { y: 2 }));
const pairs = fc.oneof(
  fc.array(fc.tuple(key, value), { maxLength: 40 }),
  fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer()), { maxLength: 40 }),
);
const count = fc.integer({ min: 1, max: 5 });

const name = (each: unknown): string => JSON.stringify(each);

function without(as: readonly Pair[], bs: readonly Pair[]): Pair[] {
  const keys = new Set(bs.map(([k]) => name(k)));
  return as.filter(([k]) => !keys.has(name(k)));
}

function joined(as: readonly Pair[], bs: readonly Pair[]): unknown[] {
  return as.flatMap(([k, v]) => bs.filter(([other]) => name(other) === name(k)).map(([, w]) => [k, [v, w]]));
}

/** The first value of each key, `bs` before `as`. */
function updated(as: readonly Pair[], bs: readonly Pair[], replaceOnly: boolean): unknown[] {
  const firsts = new Map<string, Pair>();
  for (const pair of [...bs, ...as]) if (!firsts.has(name(pair[0]))) firsts.set(name(pair[0]), pair);
  const old = new Set(as.map(([k]) => name(k)));
  return [...firsts.values()].filter(([k]) => !replaceOnly || old.has(name(k)));
}

onEveryMaster("replacing", (gc) => {
  test("random pairs", async () => {
    await fc.assert(
      fc.asyncProperty(pairs, pairs, count, count, count, async (as, bs, n, m, parts) => {
        const [a, b] = [gc().parallelize(as, n), gc().parallelize(bs, m)];
        expect(canonical(await a.subtractByKey(b).collect())).toEqual(canonical(without(as, bs)));
        expect(canonical(await a.subtractByKey(b.partitionBy(parts), parts).collect())).toEqual(
          canonical(without(as, bs)),
        );
        expect(canonical(await a.update(b, { partitions: parts }).collect())).toEqual(
          canonical(updated(as, bs, false)),
        );
        expect(canonical(await a.update(b, { replaceOnly: true }).collect())).toEqual(canonical(updated(as, bs, true)));
        const inner = await a.innerJoin(b).collect();
        expect(canonical(inner)).toEqual(canonical(joined(as, bs)));
        // In the order of the large side.
        expect(inner.map(([k, [v]]) => name([k, v]))).toEqual(
          (joined(as, bs) as [unknown, [unknown, unknown]][]).map(([k, [v]]) => name([k, v])),
        );
      }),
      { numRuns: 10 },
    );
  });

  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const as = wordPairs(length);
    const bs = wordPairs(length).slice(3, 40).map(([word]): [string, boolean] => [word, true]); // prettier-ignore
    const a = () => gc().parallelize(as, partitions);
    const b = () => gc().parallelize(bs, 2);

    test("subtractByKey behind a sort", async () => {
      const sorted = gc().range(30, { partitions: 3 }).map((x) => [x, x]).sortByKey({ partitions: 4 }); // prettier-ignore
      const others = gc().range(0, 30, { step: 2, partitions: 2 }).map((x) => [x, "other"]); // prettier-ignore
      const odd = numbers(15).map((x) => [2 * x + 1, 2 * x + 1]);
      expect(canonical(await sorted.subtractByKey(others).collect())).toEqual(canonical(odd));
      expect(canonical(await sorted.mapValues((x) => x).subtractByKey(others).collect())).toEqual(canonical(odd)); // prettier-ignore
      expect(await sorted.subtractByKey(sorted).collect()).toEqual([]);
    });

    test("subtractByKey", async () => {
      const rest = await a().subtractByKey(b(), 3).collect();
      expect(canonical(rest)).toEqual(canonical(without(as, bs)));
      // Values stay in their order.
      const values = [...grouped(rest)].map(([word, ns]) => [word, ns.toSorted((x, y) => x - y)]);
      expect([...grouped(rest)]).toEqual(values);
    });

    test("innerJoin", async () => {
      expect(await a().innerJoin(b().distinct()).count()).toBe(joined(as, updated([], bs, false) as Pair[]).length);
      expect(await a().innerJoin(gc().emptyRdd<[string, number]>()).count()).toBe(0);
    });

    test("update", async () => {
      expect(canonical(await a().update(b()).collect())).toEqual(canonical(updated(as, bs, false)));
    });
  });

  test("keys stay where they lie, and what lies there already is not shuffled", async () => {
    const placed = gc().range(40).keyBy((x) => x % 8).partitionBy(3); // prettier-ignore
    const other = placed.filter(([k]) => k < 5);
    const rest = placed.subtractByKey(other);
    expect(rest.node.dependencies.map(({ kind }) => kind)).toEqual(["narrow", "narrow"]);
    expect(rest.groupByKey().node.dependencies[0]?.kind).toBe("narrow");
    expect(canonical(await rest.values().collect())).toEqual(canonical(numbers(40).filter((x) => x % 8 >= 5)));
    const unplaced = placed.subtractByKey(gc().parallelize([[1, "x"]]));
    expect(unplaced.node.dependencies.map(({ kind }) => kind)).toEqual(["narrow", "shuffle"]);
    expect(await unplaced.count()).toBe(35);
    const updatedPairs = placed.update(other.mapValues((x) => -x));
    expect(updatedPairs.groupByKey().node.dependencies[0]?.kind).toBe("narrow");
    expect(canonical(await updatedPairs.collect())).toEqual(
      canonical(numbers(8).map((k) => [k, k < 5 ? 0 - k : k])), // prettier-ignore
    );
    const inner = placed.innerJoin(other.mapValues(() => "x"));
    expect(inner.groupByKey().node.dependencies[0]?.kind).toBe("narrow");
    expect(await inner.getNumPartitions()).toBe(3);
    expect(await gc().range(3, { partitions: 2 }).keyBy((x) => x).subtractByKey(placed).getNumPartitions()).toBe(2); // prettier-ignore
  });

  test("a custom partitioner", async () => {
    const byKey = { partitions: 3, partition: (k: number) => k % 3 };
    const a = gc().range(9).keyBy((x) => x); // prettier-ignore
    const rest = a.subtractByKey(a.filter(([k]) => k < 4), byKey); // prettier-ignore
    expect(await rest.keys().glom().collect()).toEqual([[6], [4, 7], [5, 8]]);
  });

  test("behind mapAsync, and arguments that are none", async () => {
    const a = gc().range(6, { partitions: 2 }).mapAsync(async (x) => Promise.resolve([x % 3, x])); // prettier-ignore
    const b = gc().range(2).mapAsync(async (x) => Promise.resolve([x, `${x}`])); // prettier-ignore
    expect(canonical(await a.subtractByKey(b).collect())).toEqual(canonical([[2, 2], [2, 5]])); // prettier-ignore
    expect(await a.innerJoin(b).count()).toBe(4);
    expect(canonical(await a.update(b).collect())).toEqual(canonical([[0, "0"], [1, "1"], [2, 2]])); // prettier-ignore
    expect(() => a.subtractByKey([] as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected another RDD");
    expect(() => a.update([] as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected another RDD");
    expect(() => a.innerJoin([] as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected another RDD");
    expect(() => a.update(b, { partitions: 0 })).toThrow("GLOAM_ARGUMENT_INVALID: partitions");
    const none = gc().range(3) as unknown as typeof a;
    await expect(none.subtractByKey(b).count()).rejects.toThrow("GLOAM_ELEMENT_INVALID");
  });
});
