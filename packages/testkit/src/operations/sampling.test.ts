import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { numbers, shapes } from "./sequences.ts";

onEveryMaster("samples of a size", (gc) => {
  describe.each([...shapes, { length: 6, partitions: 20 }])(
    "of $length elements in $partitions partitions",
    ({ length, partitions }) => {
      const elements = numbers(length).map((i) => i * 3);
      const rdd = () => gc().parallelize(elements, partitions);

      test.each([0, 1, 5, 20, 3000, 20_000])("takeSample of %i", async (n) => {
        const once = await rdd().takeSample(false, n, 11);
        expect(once.length).toBe(Math.min(n, length));
        expect(new Set(once).size).toBe(once.length);
        expect(once.every((x) => elements.includes(x))).toBe(true);
        const often = await rdd().takeSample(true, n, 11);
        expect(often.length).toBe(length === 0 ? 0 : n);
        expect(often.every((x) => x % 3 === 0 && x >= 0 && x < 3 * length)).toBe(true);
        expect(await rdd().takeSample(false, n, 11)).toEqual(once);
        expect(await rdd().takeSample(true, n, 11)).toEqual(often);
      });
    },
  );

  test("every element and every place is as likely as any other", async () => {
    const rdd = gc().range(20, { partitions: 3 });
    const [first, any, repeated] = [new Array<number>(20).fill(0), new Array<number>(20).fill(0), new Array<number>(20).fill(0)]; // prettier-ignore
    const runs = 160;
    for (let seed = 0; seed < runs; seed++) {
      const sample = await rdd.takeSample(false, 5, seed);
      first[sample[0]!]!++;
      for (const x of sample) any[x]!++;
      for (const x of await rdd.takeSample(true, 5, seed)) repeated[x]!++;
    }
    // Pearson's statistic with 19 degrees of freedom is above 43.8 once in a thousand times; without replacement below that.
    const statistic = (counts: readonly number[], expected: number): number =>
      counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(statistic(first, runs / 20)).toBeLessThan(43.8);
    expect(statistic(any, runs / 4)).toBeLessThan(43.8);
    expect(statistic(repeated, runs / 4)).toBeLessThan(43.8);
  });

  test("reads no further than the last chosen element", async () => {
    const rdd = gc().range(1_000_000, { partitions: 4 }).map((x) => ({ x })); // prettier-ignore
    expect((await rdd.takeSample(false, 3, 5)).length).toBe(3);
    const order = await gc().range(100, { partitions: 4 }).takeSample(false, 100, 3);
    expect(order).not.toEqual(numbers(100));
    expect(order.toSorted((a, b) => a - b)).toEqual(numbers(100));
    expect(await gc().range(10).takeSample(false, 5)).toHaveLength(5);
    expect(await gc().parallelize([undefined, undefined], 2).takeSample(true, 3, 1)).toEqual(new Array(3).fill(undefined)); // prettier-ignore
  });

  test("arguments that are none are refused", async () => {
    const rdd = gc().range(3);
    for (const action of [
      () => rdd.takeSample(false, -1),
      () => rdd.takeSample(false, 1.5),
      () => rdd.takeSample(true, 1, NaN),
    ])
      await expect(action()).rejects.toMatchObject({ code: "GLOAM_ARGUMENT_INVALID" });
  });
});
