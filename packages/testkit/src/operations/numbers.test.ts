import { createRandom } from "@gloam/common";
import { describe, expect, test } from "vitest";
import { Stats, type Rdd } from "gloam";
import { onEveryMaster } from "../on-every-master.ts";
import { numbers, shapes } from "./sequences.ts";

onEveryMaster("numbers", (gc) => {
  describe.each(shapes)("$length numbers in $partitions partitions", ({ length, partitions }) => {
    const random = createRandom(length + partitions);
    const elements = numbers(length).map(() => Math.round(random.next() * 2000 - 500) / 4);
    const rdd = () => gc().parallelize(elements, partitions);
    const sum = elements.reduce((a, b) => a + b, 0);
    const mean = sum / length;
    const squares = elements.reduce((total, x) => total + (x - mean) ** 2, 0);

    test("stats and its parts", async () => {
      const stats = await rdd().stats();
      expect(stats).toMatchObject({ count: length, sum, min: Math.min(...elements), max: Math.max(...elements) });
      const model = {
        mean,
        variance: squares / length,
        stdev: Math.sqrt(squares / length),
        sampleVariance: length < 2 ? NaN : squares / (length - 1),
        sampleStdev: length < 2 ? NaN : Math.sqrt(squares / (length - 1)),
      };
      for (const [name, expected] of Object.entries(model) as [keyof typeof model, number][]) {
        const single = await rdd()[name]();
        expect(stats[name]).toBe(single);
        if (Number.isNaN(expected)) expect(single).toBeNaN();
        else expect(Math.abs(single - expected)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(expected)));
      }
    });

    test("each measure of spread by itself", async () => {
      const [all, sample] = length < 2 ? [length === 0 ? NaN : 0, NaN] : [squares / length, squares / (length - 1)];
      const measured = [
        [await rdd().variance(), all],
        [await rdd().stdev(), Math.sqrt(all)],
        [await rdd().sampleVariance(), sample],
        [await rdd().sampleStdev(), Math.sqrt(sample)],
      ] as const;
      for (const [found, expected] of measured) {
        if (Number.isNaN(expected)) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(expected, 3);
      }
    });

    test("max and min", async () => {
      if (length === 0) {
        for (const none of [() => rdd().max(), () => rdd().min((x) => -x)])
          await expect(none()).rejects.toMatchObject({ code: "GLOAM_RDD_EMPTY" });
        return;
      }
      expect(await rdd().max()).toBe(Math.max(...elements));
      expect(await rdd().min()).toBe(Math.min(...elements));
      expect(await rdd().max((x) => -x)).toBe(Math.min(...elements));
      const byRest = (a: number, b: number): number => (a % 7) - (b % 7);
      expect(await rdd().max({ compare: (a, b) => (a % 7) - (b % 7) })).toBe(elements.reduce((best, x) => (byRest(x, best) > 0 ? x : best))); // prettier-ignore
      expect(await rdd().min({ compare: (a, b) => (a % 7) - (b % 7) })).toBe(elements.reduce((best, x) => (byRest(x, best) < 0 ? x : best))); // prettier-ignore
    });

    test("histogram", async () => {
      const count = (bounds: readonly number[]): number[] =>
        bounds.slice(1).map((upper, i) => {
          const last = i === bounds.length - 2;
          return elements.filter((x) => x >= bounds[i]! && (x < upper || (last && x === upper))).length;
        });
      const bounds = [-100, -1, 0, 3.5, 100, 1000];
      expect(await rdd().histogram(bounds)).toEqual({ buckets: bounds, counts: count(bounds) });
      const even = [-125, 0, 125, 250, 375];
      expect(await rdd().histogram(even)).toEqual({ buckets: even, counts: count(even) });
      if (length === 0) {
        await expect(rdd().histogram(3)).rejects.toMatchObject({ code: "GLOAM_RDD_EMPTY" });
        return;
      }
      const { buckets, counts } = await rdd().histogram(7);
      expect([buckets[0], buckets.at(-1)]).toEqual([Math.min(...elements), Math.max(...elements)]);
      expect(buckets.length).toBe(length === 1 ? 2 : 8);
      expect(counts).toEqual(count(buckets));
      expect(counts.reduce((a, b) => a + b)).toBe(length);
    });
  });

  test("max and min order what has an order: NaN last, equal ones by their coming, any kind of key", async () => {
    expect(await gc().parallelize([1, NaN, 2], 2).max()).toBeNaN();
    expect(await gc().parallelize([NaN, 2, 1], 2).min()).toBe(1);
    expect(await gc().parallelize([NaN, NaN], 1).min()).toBeNaN();
    const words = gc().parallelize(["bb", "a", "cc", "d"], 3);
    expect(await words.max((word) => word.length)).toBe("bb");
    expect(await words.min((word) => word.length)).toBe("a");
    expect(await words.max()).toBe("d");
    expect(await gc().parallelize([[2, "a"], [1, "b"], [2, "b"]]).max()).toEqual([2, "b"]); // prettier-ignore
    expect(await gc().parallelize<unknown>([3, "a", null, undefined], 2).min()).toBeUndefined();
    const maps = gc().parallelize([new Map(), new Map()], 1);
    await expect(maps.max()).rejects.toMatchObject({ code: "GLOAM_KEY_UNSUPPORTED" });
  });

  test("what is no number is refused", async () => {
    for (const element of [undefined, null, "1", 1n, true, new Date(0), [1]]) {
      const rdd = gc().parallelize([1, element, 2], 2) as unknown as Rdd<number>;
      for (const action of [() => rdd.sum(), () => rdd.mean(), () => rdd.stats(), () => rdd.histogram([0, 1])])
        await expect(action()).rejects.toMatchObject({ code: "GLOAM_ELEMENT_INVALID" });
    }
  });

  test("Stats travel: they can be elements, and combined by key", async () => {
    const each = gc().range(4, { partitions: 2 }).map((x) => Stats.of([x, x + 1])); // prettier-ignore
    expect((await each.reduce((a, b) => a.merge(b))).count).toBe(8);
    const pairs = gc().range(1000, { partitions: 4 }).map((x) => [x % 3, x]); // prettier-ignore
    const byKey = pairs.aggregateByKey(
      Stats.empty,
      (stats, x) => stats.merge(Stats.of([x])),
      (a, b) => a.merge(b),
    );
    for (const [key, stats] of await byKey.collect()) {
      const model = Stats.of(numbers(1000).filter((x) => x % 3 === key));
      expect(stats).toBeInstanceOf(Stats);
      expect(stats).toMatchObject({ count: model.count, sum: model.sum, min: key, max: model.max });
      expect(Math.abs(stats.variance - model.variance)).toBeLessThan(1e-6);
    }
  });

  test("histogram refuses what makes no buckets", async () => {
    const rdd = gc().range(10);
    const given = [0, 1.5, NaN, [], [1], [1, 1], [2, 1], [1, NaN, 2], ["a", "b"], "12"] as never[];
    for (const buckets of given)
      await expect(rdd.histogram(buckets)).rejects.toMatchObject({ code: "GLOAM_ARGUMENT_INVALID" });
    for (const element of [NaN, Infinity, -Infinity]) {
      const odd = gc().parallelize([1, element], 2);
      await expect(odd.histogram(2)).rejects.toMatchObject({ code: "GLOAM_ELEMENT_INVALID" });
      expect((await odd.histogram([0, 2])).counts).toEqual([1]);
    }
    expect(await gc().parallelize([-1e308, 1e308], 2).histogram(2)).toEqual({ buckets: [-1e308, 0, 1e308], counts: [1, 1] }); // prettier-ignore
    expect(await gc().emptyRdd<number>().histogram([0, 1])).toEqual({ buckets: [0, 1], counts: [0] });
  });

  test("an ordering that is none is refused", async () => {
    for (const by of [5, null, {}, { compare: 1 }] as never[]) {
      for (const action of [() => gc().range(3).max(by), () => gc().range(3).top(1, by)])
        await expect(action()).rejects.toMatchObject({ code: "GLOAM_ARGUMENT_INVALID" });
    }
  });
});
