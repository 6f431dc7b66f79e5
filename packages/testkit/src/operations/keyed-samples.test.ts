import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { canonical, grouped, numbers, shapes, wordPairs } from "./sequences.ts";

/** The last `n` in an order, the very last first, equal ones as they came. */
function last<V>(values: readonly V[], n: number, compare: (a: V, b: V) => number): V[] {
  return values.toSorted((a, b) => compare(b, a)).slice(0, n);
}

onEveryMaster("samples and tops by key", (gc) => {
  describe("sampleByKey", () => {
    const rdd = () => gc().range(30_000, { partitions: 3 }).keyBy((x) => ["a", "b", "c"][x % 3]!); // prettier-ignore
    const sizes = (pairs: readonly (readonly [string, number])[]) =>
      ["a", "b", "c"].map((key) => pairs.filter(([other]) => other === key).length);

    test("without replacement", async () => {
      const fractions = { a: 0.2, b: 1, c: 0 };
      const sample = await rdd().sampleByKey(false, fractions, 7).collect();
      const [a, b, c] = sizes(sample);
      expect(Math.abs(a! - 2000)).toBeLessThan(200);
      expect([b, c]).toEqual([10_000, 0]);
      expect(
        await rdd()
          .sampleByKey(false, new Map(Object.entries(fractions)), 7)
          .collect(),
      ).toEqual(sample);
      expect(await rdd().sampleByKey(false, fractions, 8).collect()).not.toEqual(sample);
      expect(sample.map(([, x]) => x)).toEqual(sample.map(([, x]) => x).toSorted((x, y) => x - y));
    });

    test("with replacement", async () => {
      const [a, b, c] = sizes(await rdd().sampleByKey(true, { a: 0.5, b: 2.5, c: 0 }, 7).collect());
      expect(Math.abs(a! - 5000)).toBeLessThan(300);
      expect(Math.abs(b! - 25_000)).toBeLessThan(800);
      expect(c).toBe(0);
    });

    test("keys by value, which stay where they are", async () => {
      const pairs = gc().range(10).keyBy((x) => [x % 2, "k"]).partitionBy(2); // prettier-ignore
      const sample = pairs.sampleByKey(false, new Map([[[0, "k"], 1], [[1, "k"], 0]])); // prettier-ignore
      expect(canonical(await sample.values().collect())).toEqual(canonical([0, 2, 4, 6, 8]));
      expect(sample.groupByKey().node.dependencies[0]?.kind).toBe("narrow");
    });

    test("fractions that are none, and a key without one", async () => {
      expect(() => rdd().sampleByKey(false, { a: 1.5 })).toThrow("GLOAM_ARGUMENT_INVALID: a fraction");
      expect(() => rdd().sampleByKey(true, { a: -1 })).toThrow("GLOAM_ARGUMENT_INVALID: a fraction");
      expect(() => rdd().sampleByKey(false, undefined as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected a Map");
      expect(() => rdd().sampleByKey(false, { a: 1 }, NaN)).toThrow("GLOAM_ARGUMENT_INVALID: seed");
      await expect(rdd().sampleByKey(false, { a: 1, b: 1 }).count()).rejects.toThrow(
        /GLOAM_ARGUMENT_INVALID: no fraction was given for the key 'c'.*sampleByKey/s,
      );
    });
  });

  describe.each(shapes)("topByKey of $length elements in $partitions partitions", ({ length, partitions }) => {
    const elements = wordPairs(length);
    const rdd = () => gc().parallelize(elements, partitions);
    const expected = (n: number, compare: (a: number, b: number) => number) =>
      canonical([...grouped(elements)].map(([word, values]) => [word, last(values, n, compare)]));

    test("the largest, by a key, and by a comparison", async () => {
      expect(canonical(await rdd().topByKey(3).collect())).toEqual(expected(3, (a, b) => a - b));
      const byKey = rdd().topByKey(2, (x) => [x % 5, -x]);
      expect(canonical(await byKey.collect())).toEqual(expected(2, (a, b) => (a % 5) - (b % 5) || b - a));
      const smallest = rdd().topByKey(1000, { compare: (a, b) => b - a }, 2);
      expect(canonical(await smallest.collect())).toEqual(expected(1000, (a, b) => b - a));
    });
  });

  test("topByKey of random values, equal ones in their order", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.tuple(fc.integer({ min: 0, max: 4 }), fc.string())), { maxLength: 40 }), // prettier-ignore
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        async (elements, n, partitions) => {
          const tops = await gc().parallelize(elements, partitions).topByKey(n, ([rank]) => rank).collect(); // prettier-ignore
          const groups = [...grouped(elements)];
          expect(canonical(tops)).toEqual(canonical(groups.map(([k, vs]) => [k, last(vs, n, ([a], [b]) => a - b)])));
        },
      ),
      { numRuns: 10 },
    );
  });

  test("topByKey where keys lie already, of a cached RDD that stays as it is, and with numbers that are none", async () => {
    const placed = gc().range(60).keyBy((x) => x % 6).partitionBy(3).cache(); // prettier-ignore
    const tops = placed.topByKey(2);
    expect(tops.node.dependencies[0]?.kind).toBe("narrow");
    expect(canonical(await tops.collect())).toEqual(canonical(numbers(6).map((k) => [k, [54 + k, 48 + k]])));
    const lists = gc().parallelize<[string, number[]]>([["a", [3]], ["a", [1, 2]]], 1).cache(); // prettier-ignore
    expect(await lists.topByKey(1).collect()).toEqual([["a", [[3]]]]);
    expect(await lists.collect()).toEqual([["a", [3]], ["a", [1, 2]]]); // prettier-ignore
    expect(() => placed.topByKey(0)).toThrow("GLOAM_ARGUMENT_INVALID: n");
  });

  test("groupWith is cogroup", async () => {
    const a = gc().parallelize([["x", 1]]);
    expect(await a.groupWith(a.mapValues((n) => -n), a, 2).collect()).toEqual([["x", [[1], [-1], [1]]]]); // prettier-ignore
    expect(() => a.groupWith(3 as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected one to three other RDDs");
  });
});
