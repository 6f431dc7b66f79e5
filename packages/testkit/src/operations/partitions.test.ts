import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { canonical, numbers, shapes, sliced } from "./sequences.ts";

onEveryMaster("partitions", (gc) => {
  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const elements = numbers(length);
    const slices = sliced(elements, partitions);
    const rdd = () => gc().parallelize(elements, partitions);

    test("glom", async () => {
      expect(await rdd().glom().collect()).toEqual(slices);
    });

    test("mapPartitions", async () => {
      const sums = rdd().mapPartitions((xs) => {
        let sum = 0;
        for (const x of xs) sum += x;
        return [sum];
      });
      expect(await sums.collect()).toEqual(slices.map((slice) => slice.reduce((sum, x) => sum + x, 0)));
    });

    test("mapPartitionsWithIndex", async () => {
      const tagged = rdd().mapPartitionsWithIndex(function* (partition, xs) {
        for (const x of xs) yield `${partition}:${x}`;
      });
      expect(await tagged.collect()).toEqual(
        slices.flatMap((slice, partition) => slice.map((x) => `${partition}:${x}`)),
      );
    });

    test("coalesce", async () => {
      for (const fewer of [1, 2, 3, 100]) {
        const coalesced = rdd().coalesce(fewer);
        expect(await coalesced.getNumPartitions()).toBe(Math.min(fewer, partitions));
        expect(await coalesced.collect()).toEqual(elements);
      }
    });

    test("repartition", async () => {
      for (const wanted of [1, 5]) {
        const dealt = await rdd().repartition(wanted).glom().collect();
        expect(dealt).toHaveLength(wanted);
        expect(canonical(dealt.flat())).toEqual(canonical(elements));
        const lengths = dealt.map((slice) => slice.length);
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(partitions);
      }
    });

    test("zipWithIndex", async () => {
      const shifted = rdd().map((x) => x * 2).zipWithIndex(); // prettier-ignore
      expect(await shifted.collect()).toEqual(elements.map((x, i) => [x * 2, i]));
      expect(await shifted.filter(([, i]) => i % 3 === 0).zipWithIndex().map(([, i]) => i).collect()).toEqual(numbers(Math.ceil(length / 3))); // prettier-ignore
    });
  });

  test("mapPartitions reads no more than the function asks for, and may give anything iterable", async () => {
    const first = gc()
      .range(1_000_000, { partitions: 2 })
      .map((x) => {
        if (x % 500_000 > 100_000) throw new Error("read too far");
        return x;
      })
      .mapPartitions((xs) => [xs.next().value as number]);
    expect(await first.collect()).toEqual([0, 500_000]);
    expect(await gc().range(2).coalesce(1).mapPartitions(() => new Set(["only"])).collect()).toEqual(["only"]); // prettier-ignore
  });

  test("a generator that is left early is closed", async () => {
    const rdd = gc()
      .range(10, { partitions: 1 })
      .mapPartitions(function* (xs) {
        try {
          yield* xs;
        } finally {
          // eslint-disable-next-line no-unsafe-finally
          globalThis.process.env["GLOAM_CLOSED"] = "yes";
        }
      });
    expect(await rdd.take(1)).toEqual([0]);
    const closed = gc().range(1, { partitions: 1 }).map(() => process.env["GLOAM_CLOSED"]); // prettier-ignore
    expect([undefined, "yes"]).toContain((await closed.collect())[0]);
  });

  test("preservesPartitioning keeps keys where they are", async () => {
    const pairs = gc().range(20).keyBy((x) => x % 5).partitionBy(3); // prettier-ignore
    const kept = pairs.mapPartitions((xs) => xs, { preservesPartitioning: true });
    expect(kept.groupByKey().node.dependencies[0]?.kind).toBe("narrow");
    expect(pairs.mapPartitions((xs) => xs).groupByKey().node.dependencies[0]?.kind).toBe("shuffle"); // prettier-ignore
    expect(await kept.groupByKey().count()).toBe(5);
  });

  test("a signal cancels while elements are being counted", async () => {
    const endless = gc().range(4, { partitions: 2 }).map((x) => { for (;;) if (x < 0) return x; }).zipWithIndex(); // prettier-ignore
    await expect(endless.count({ signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
      code: "GLOAM_JOB_CANCELLED",
    });
    expect(await gc().range(4).zipWithIndex().count()).toBe(4);
  });
});
