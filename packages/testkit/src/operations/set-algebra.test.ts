import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { canonical, numbers, shapes, sliced, words } from "./sequences.ts";

const element = fc.oneof(
  fc.integer({ min: 0, max: 9 }),
  fc.constantFrom<unknown>("a", "b", "1", null, [1, 2], [2, 1], { a: 1, b: [2] }, true),
);
const elements = fc.oneof(
  fc.array(element, { maxLength: 40 }),
  fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }),
  fc.array(fc.constantFrom("x", "y", "zz", ""), { maxLength: 40 }),
);
const count = fc.integer({ min: 1, max: 6 });

/** Equal where elements are, as none of them is undefined, NaN or -0. */
const name = (value: unknown): string => JSON.stringify(value);

function intersected(a: readonly unknown[], b: readonly unknown[]): string[] {
  const names = new Set(b.map(name));
  return [...new Set(a.map(name))].filter((each) => names.has(each)).toSorted();
}

function subtracted(a: readonly unknown[], b: readonly unknown[]): string[] {
  const names = new Set(b.map(name));
  return a.map(name).filter((each) => !names.has(each)).toSorted(); // prettier-ignore
}

const product = (a: readonly unknown[], b: readonly unknown[]) => a.flatMap((x) => b.map((y) => [x, y]));

onEveryMaster("set algebra", (gc) => {
  test("random elements", async () => {
    await fc.assert(
      fc.asyncProperty(elements, elements, count, count, count, async (as, bs, n, m, parts) => {
        const [a, b] = [gc().parallelize(as, n), gc().parallelize(bs, m)];
        expect(canonical(await a.intersection(b).collect())).toEqual(intersected(as, bs));
        expect(canonical(await a.subtract(b).collect())).toEqual(subtracted(as, bs));
        expect(canonical(await a.intersection(b, parts).collect())).toEqual(intersected(as, bs));
        expect(canonical(await a.subtract(b, parts).collect())).toEqual(subtracted(as, bs));
        expect(canonical(await a.uniq().collect())).toEqual([...new Set(as.map(name))].toSorted());
        const expected = sliced(as, n).flatMap((left) => sliced(bs, m).flatMap((right) => product(left, right)));
        expect(await a.cartesian(b).collect()).toEqual(expected);
      }),
      { numRuns: 10 },
    );
  });

  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    test("texts and numbers", async () => {
      const [as, bs] = [words(length), words(length).slice(3, 50)];
      const [a, b] = [gc().parallelize(as, partitions), gc().parallelize(bs, 2)];
      expect(canonical(await a.intersection(b).collect())).toEqual(intersected(as, bs));
      expect(canonical(await a.subtract(b).collect())).toEqual(subtracted(as, bs));
      const range = gc().range(length, { partitions });
      expect(await range.subtract(range.map((x) => x + 1)).collect()).toEqual(length > 0 ? [0] : []);
      expect(await range.intersection(range.map((x) => 2 * x)).count()).toBe(Math.ceil(length / 2));
    });
  });

  test("partitions: those of the larger RDD, and of this one", async () => {
    const [two, five] = [gc().range(4, { partitions: 2 }), gc().range(4, { partitions: 5 })];
    expect(await two.intersection(five).getNumPartitions()).toBe(5);
    expect(await two.subtract(five).getNumPartitions()).toBe(2);
    const byParity = { partitions: 2, partition: (x: number) => x % 2 };
    const even = await gc().range(8).subtract(gc().range(2, 4), byParity).glom().collect(); // prettier-ignore
    expect(even.map((part) => part.toSorted((a, b) => a - b))).toEqual([[0, 4, 6], [1, 5, 7]]); // prettier-ignore
    expect(await two.cartesian(five).getNumPartitions()).toBe(10);
    expect(await gc().emptyRdd().cartesian(two).collect()).toEqual([]);
    expect(await two.cartesian(gc().emptyRdd()).count()).toBe(0);
  });

  test("pairs are elements like others, wherever their keys lie", async () => {
    const pairs = gc().range(20).keyBy((x) => x % 3).partitionBy(4); // prettier-ignore
    const some = pairs.filter(([, x]) => x >= 10);
    expect(canonical(await pairs.subtract(some).values().collect())).toEqual(canonical(numbers(10)));
    expect(canonical(await some.intersection(pairs).keys().collect())).toEqual(
      canonical(numbers(20).slice(10).map((x) => x % 3)), // prettier-ignore
    );
  });

  test("an RDD with itself", async () => {
    const rdd = gc().parallelize(words(200), 3);
    expect(await rdd.subtract(rdd).count()).toBe(0);
    expect(await rdd.intersection(rdd).count()).toBe(97);
    expect(await rdd.cartesian(rdd).count()).toBe(40_000);
  });

  test("cartesian of many elements, and behind mapAsync", async () => {
    const right = gc().range(6000, { partitions: 2 });
    const left = gc().parallelize(["a", "b", "c"], 2);
    const pairs = left.cartesian(right).filter(([word, n]) => n % 2999 === 0 && word !== "b");
    expect(await pairs.collect()).toEqual([["a", 0], ["a", 2999], ["a", 5998], ["c", 0], ["c", 2999], ["c", 5998]]); // prettier-ignore
    const slow = left.mapAsync(async (x) => Promise.resolve(x));
    const pause = right.mapAsync(async (x) => Promise.resolve(x));
    for (const [a, b] of [
      [slow, right],
      [left, pause],
      [slow, pause],
    ] as const) {
      // prettier-ignore
      expect(await a.cartesian(b).filter(([, n]) => n === 5998).keys().collect()).toEqual(["a", "b", "c"]); // prettier-ignore
    }
    expect(await left.cartesian(right).take(2)).toEqual([["a", 0], ["a", 1]]); // prettier-ignore
  });

  test("elements without equality, and arguments that are none", async () => {
    const maps = gc().parallelize([new Map([[1, 2]])]);
    await expect(maps.subtract(maps).count()).rejects.toMatchObject({ code: "GLOAM_KEY_UNSUPPORTED" });
    await expect(maps.intersection(maps).count()).rejects.toMatchObject({ code: "GLOAM_KEY_UNSUPPORTED" });
    const rdd = gc().range(3);
    expect(() => rdd.subtract([1] as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected another RDD");
    expect(() => rdd.intersection(undefined as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected another RDD");
    expect(() => rdd.cartesian({} as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected another RDD");
    expect(() => rdd.subtract(rdd, 0)).toThrow("GLOAM_ARGUMENT_INVALID: partitions");
    expect(() => rdd.uniq(0)).toThrow("GLOAM_ARGUMENT_INVALID: partitions");
  });
});
