import { createRandom } from "@gloam/common";
import { describe, expect, test } from "vitest";
import type { Rdd } from "gloam";
import { onEveryMaster } from "../on-every-master.ts";
import { canonical, grouped, numbers, shapes } from "./sequences.ts";

/** By definition, between two numbers in proportion. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (percent / 100) * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
  return sorted.length === 0 ? NaN : low + (high - low) * (rank % 1);
}

onEveryMaster("approximations", (gc) => {
  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const random = createRandom(length + partitions);
    const elements = numbers(length).map(() => random.nextInt(500));
    const rdd = () => gc().parallelize(elements, partitions);
    const distinct = new Set(elements).size;
    const pairs = elements.map((x, i) => [`key ${i % 7}`, x] as [string, number]);
    const groups = [...grouped(pairs)];
    const keyed = () => gc().parallelize(pairs, partitions);

    test("countApproxDistinct", async () => {
      expect(await rdd().countApproxDistinct(0.01)).toBe(distinct);
      const coarse = await rdd().map((x) => ({ x })).countApproxDistinct(0.1); // prettier-ignore
      expect(Math.abs(coarse - distinct)).toBeLessThanOrEqual(0.3 * distinct);
      expect(await rdd().coalesce(1).map((x) => ({ x })).countApproxDistinct(0.1)).toBe(coarse); // prettier-ignore
    });

    test("countApproxDistinctByKey and adcountByKey", async () => {
      const exact = groups.map(([key, values]) => [key, new Set(values).size]);
      expect(canonical(await keyed().adcountByKey().collect())).toEqual(canonical(exact));
      expect(canonical(await keyed().countApproxDistinctByKey(0.01, 2).collect())).toEqual(canonical(exact));
      const known = new Map(groups);
      for (const [key, count] of await keyed().countApproxDistinctByKey(0.1).collect()) {
        const counted = new Set(known.get(key)).size;
        expect(Math.abs(count - counted)).toBeLessThanOrEqual(0.35 * counted);
      }
    });

    test("percentiles of values that come again are exact", async () => {
      const percents = [0, 1, 25, 50, 77.7, 99, 100];
      const found = await rdd().percentiles(percents, { compression: 5000 });
      for (const [i, percent] of percents.entries()) {
        const exact = percentile(elements, percent);
        if (Number.isNaN(exact)) expect(found[i]).toBeNaN();
        else expect(Math.abs(found[i]! - exact)).toBeLessThan(1e-9);
      }
    });

    test("percentilesByKey", async () => {
      const known = new Map(groups);
      const found = await keyed().percentilesByKey([50, 0, 100], { compression: 1000, partitions: 3 }).collect();
      expect(found.length).toBe(groups.length);
      for (const [key, [median, least, greatest]] of found) {
        const values = known.get(key)!;
        expect([least, greatest]).toEqual([Math.min(...values), Math.max(...values)]);
        expect(Math.abs(median! - percentile(values, 50))).toBeLessThan(1e-9);
      }
    });
  });

  test("many distinct elements are counted within the error that was asked for", async () => {
    const elements = gc().range(300_000, { partitions: 5 }).map((x) => `visitor ${x % 200_000}`); // prettier-ignore
    for (const relativeSD of [0.002, 0.01, 0.05, 0.3])
      expect(Math.abs((await elements.countApproxDistinct(relativeSD)) / 200_000 - 1)).toBeLessThan(3 * relativeSD);
    const byKey = gc().range(300_000, { partitions: 5 }).map((x) => [x % 3, x % 60_000]).countApproxDistinctByKey(0.02); // prettier-ignore
    for (const [, count] of await byKey.collect()) expect(Math.abs(count / 20_000 - 1)).toBeLessThan(0.06);
  });

  test("percentiles of many numbers are within the promise, the same however partitions come", async () => {
    const random = createRandom(9);
    const elements = numbers(60_000).map(() => random.next() ** 3);
    const percents = [0.1, 1, 10, 50, 90, 99, 99.9];
    const parts = numbers(6).map((i) => gc().parallelize(elements.slice(i * 10_000, (i + 1) * 10_000), 1));
    const found = await gc().union(parts).percentiles(percents, { compression: 100 });
    expect(await gc().union(parts.toReversed()).percentiles(percents, { compression: 100 })).toEqual(found);
    for (const [i, percent] of percents.entries()) {
      const rank = elements.filter((x) => x < found[i]!).length / 600;
      expect(Math.abs(rank - percent)).toBeLessThan((4 * Math.PI * Math.sqrt(percent * (100 - percent))) / 100);
    }
    const keyed = gc().parallelize(elements.map((x, i) => [i % 2, x] as [number, number]), 6); // prettier-ignore
    for (const [key, values] of await keyed.percentilesByKey(percents, { compression: 100 }).collect()) {
      const own = elements.filter((_, i) => i % 2 === key);
      for (const [i, percent] of percents.entries()) {
        const rank = own.filter((x) => x < values[i]!).length / 300;
        expect(Math.abs(rank - percent)).toBeLessThan((4 * Math.PI * Math.sqrt(percent * (100 - percent))) / 100);
      }
    }
  });

  test("percentiles of a sample", async () => {
    const rdd = gc().range(100_001, { partitions: 3 });
    const [median] = await rdd.percentiles([50], { sampleRate: 0.05, seed: 3 });
    expect(median).not.toBe(50_000);
    expect(Math.abs(median! - 50_000)).toBeLessThan(3000);
    expect(await rdd.percentiles([50], { sampleRate: 0.05, seed: 3 })).toEqual([median]);
    expect(await rdd.percentiles([50], { sampleRate: 0 })).toEqual([NaN]);
    const [keyed] = await rdd.map((x) => ["k", x]).percentilesByKey([50], { sampleRate: 0.05, seed: 3 }).collect(); // prettier-ignore
    expect(Math.abs(keyed![1][0]! - 50_000)).toBeLessThan(3000);
  });

  test("what cannot be counted or ranked is refused", async () => {
    const maps = gc().parallelize([new Map()], 1);
    await expect(maps.countApproxDistinct()).rejects.toMatchObject({ code: "GLOAM_KEY_UNSUPPORTED" });
    const keyed = maps.map((map) => ["k", map]).adcountByKey(); // prettier-ignore
    await expect(keyed.collect()).rejects.toMatchObject({ code: "GLOAM_KEY_UNSUPPORTED" });
    for (const element of [NaN, "1", undefined, 1n]) {
      const odd = gc().parallelize([1, element], 2) as unknown as Rdd<number>;
      await expect(odd.percentiles([50])).rejects.toMatchObject({ code: "GLOAM_ELEMENT_INVALID" });
      const pairs = odd.map((x) => ["k", x]).percentilesByKey([50]); // prettier-ignore
      await expect(pairs.collect()).rejects.toMatchObject({ code: "GLOAM_ELEMENT_INVALID" });
    }
    expect(await gc().parallelize([Infinity, 1, -Infinity], 2).percentiles([0, 50, 100])).toEqual([-Infinity, 1, Infinity]); // prettier-ignore
  });

  test("arguments that are none are refused", async () => {
    const rdd = gc().range(3);
    const pairs = rdd.map((x) => [x, x]);
    for (const action of [
      () => rdd.countApproxDistinct(0),
      () => rdd.countApproxDistinct(0.0009),
      () => rdd.countApproxDistinct(0.6),
      () => rdd.percentiles([101]),
      () => rdd.percentiles([-1, NaN]),
      () => rdd.percentiles(50 as never),
      () => rdd.percentiles([50], { compression: 5 }),
      () => rdd.percentiles([50], { sampleRate: 2 }),
      () => rdd.percentiles([50], { seed: NaN }),
    ])
      await expect(action()).rejects.toMatchObject({ code: "GLOAM_ARGUMENT_INVALID" });
    for (const operation of [
      () => pairs.countApproxDistinctByKey(NaN),
      () => pairs.adcountByKey(0),
      () => pairs.percentilesByKey([1000]),
      () => pairs.percentilesByKey([5], { partitions: -1 }),
    ])
      expect(operation).toThrow("GLOAM_ARGUMENT_INVALID");
  });

  test("results by key lie where keys do", async () => {
    const pairs = gc().parallelize(numbers(50).map((i) => [i % 5, i] as [number, number]), 3).partitionBy(4); // prettier-ignore
    const counts = pairs.adcountByKey();
    expect(await counts.getNumPartitions()).toBe(4);
    expect(canonical(await counts.join(pairs.percentilesByKey([0])).collect())).toEqual(
      canonical(numbers(5).map((key) => [key, [10, [key]]])),
    );
  });
});
