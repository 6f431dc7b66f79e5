import { createRandom } from "@gloam/common";
import { expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { canonical, grouped, numbers } from "./sequences.ts";

/** Sums up to here are exact in any order. */
const largest = 2 ** 20;

onEveryMaster("actions on random elements", (gc) => {
  test.each(numbers(25))("seed %i", async (seed) => {
    const random = createRandom(seed);
    const elements = numbers(random.nextInt(random.nextInt(3) === 0 ? 2000 : 12)).map(
      () => random.nextInt(random.nextInt(2) === 0 ? 7 : largest) - 3,
    );
    const partitions = 1 + random.nextInt(9);
    const rdd = gc().parallelize(elements, partitions);
    const sorted = elements.toSorted((a, b) => a - b);
    const sum = elements.reduce((a, b) => a + b, 0);
    const counts = [...grouped(elements.map((x) => [x, x] as const))].map(([x, all]) => [x, all.length] as const);

    expect(canonical([...(await rdd.countByValue())])).toEqual(canonical(counts));
    const n = random.nextInt(6);
    const frequencies = counts.map(([, count]) => count).toSorted((a, b) => b - a);
    expect((await rdd.hot(n)).map(([, count]) => count)).toEqual(frequencies.slice(0, n));
    const depth = 1 + random.nextInt(4);
    const texts = rdd.map(String);
    const joined = await texts.treeAggregate("", (a, b) => a + b, (a, b) => a + b, { depth }); // prettier-ignore
    expect(joined).toBe(elements.join(""));
    const sample = await rdd.takeSample(false, n, seed);
    expect(sample.length).toBe(Math.min(n, elements.length));
    expect(sample.every((x) => elements.includes(x))).toBe(true);
    expect(await rdd.countApproxDistinct(0.01)).toBe(counts.length);
    expect((await rdd.sumApprox(100_000)).initialValue.mean).toBe(sum);
    const stats = await rdd.stats();
    expect(stats).toMatchObject({ count: elements.length, sum });
    if (elements.length === 0) return;
    expect([await rdd.min(), await rdd.max()]).toEqual([sorted[0], sorted.at(-1)]);
    expect([stats.min, stats.max]).toEqual([sorted[0], sorted.at(-1)]);
    expect(await texts.treeReduce((a, b) => a + b, { depth })).toBe(elements.join(""));
    expect(Math.abs((await rdd.mean()) - sum / elements.length)).toBeLessThan(1e-6);
    const { buckets, counts: inBuckets } = await rdd.histogram(1 + random.nextInt(20));
    const last = inBuckets.length - 1;
    for (const [i, count] of inBuckets.entries()) {
      const isIn = (x: number): boolean =>
        x >= buckets[i]! && (x < buckets[i + 1]! || (i === last && x === buckets[i + 1]));
      expect(count).toBe(elements.filter(isIn).length);
    }
    const [median] = await rdd.percentiles([50], { compression: 1000 });
    const middle = (sorted.length - 1) / 2;
    expect(median).toBe((sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2);
  });
});
