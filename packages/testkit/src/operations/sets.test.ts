import { GloamContext } from "gloam";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { canonical, numbers, shapes, words } from "./sequences.ts";

onEveryMaster("sets", (gc) => {
  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const elements = words(length);
    const rdd = () => gc().parallelize(elements, partitions);

    test("union", async () => {
      const both = rdd().union(gc().range(3, { partitions: 2 }));
      expect(await both.collect()).toEqual([...elements, 0, 1, 2]);
      expect(await both.getNumPartitions()).toBe(partitions + 2);
      expect(await rdd().union(rdd()).union(rdd()).count()).toBe(3 * length);
    });

    test("distinct", async () => {
      expect(canonical(await rdd().distinct().collect())).toEqual(canonical([...new Set(elements)]));
      expect(await rdd().distinct(2).getNumPartitions()).toBe(2);
    });
  });

  test("RDDs of another context are refused", async () => {
    await using other = new GloamContext({ master: "local[1]" });
    const foreign = other.range(3);
    expect(() => gc().range(3).union(foreign)).toThrow("GLOAM_ARGUMENT_INVALID");
    expect(() => gc().union([gc().range(3), foreign])).toThrow("GLOAM_ARGUMENT_INVALID");
    const job = { input: foreign, mapper: (x: number) => [[x, x] as const], reducer: (x: number) => [x] };
    expect(() => gc().mapReduce(job)).toThrow("GLOAM_ARGUMENT_INVALID");
  });

  test("distinct goes by value", async () => {
    const values = [
      1,
      "1",
      1n,
      [1, 2],
      [1, 2],
      [2, 1],
      { a: 1, b: 2 },
      { b: 2, a: 1 },
      NaN,
      NaN,
      0,
      -0,
      null,
      undefined,
    ];
    const distinct = await gc().parallelize([...values, ...values], 5).distinct(3).collect(); // prettier-ignore
    expect(distinct).toHaveLength(10);
  });

  test("distinct of pairs that lie by their keys needs no shuffle, and leaves them there", async () => {
    const pairs = gc().range(60).map((x) => [x % 5, [x % 2]]).partitionBy(3); // prettier-ignore
    const distinct = pairs.distinct();
    expect(distinct.node.dependencies[0]?.parent.dependencies[0]?.kind).toBe("narrow");
    expect(distinct.groupByKey().node.dependencies[0]?.kind).toBe("narrow");
    const expected = numbers(5).flatMap((key) => [[key, [0]], [key, [1]]]); // prettier-ignore
    expect(canonical(await distinct.collect())).toEqual(canonical(expected));
    expect(await pairs.distinct(4).getNumPartitions()).toBe(4);
    expect(canonical(await pairs.distinct(4).collect())).toEqual(canonical(expected));
  });

  test("union of co-partitioned RDDs keeps keys where they are", async () => {
    const pairs = (n: number) => gc().range(n).keyBy((x) => x % 4).partitionBy(3); // prettier-ignore
    const both = pairs(8).union(pairs(4));
    expect(await both.getNumPartitions()).toBe(3);
    const counts = both.mapValues(() => 1).reduceByKey((a, b) => a + b); // prettier-ignore
    expect(counts.node.dependencies[0]?.kind).toBe("narrow");
    expect(canonical(await counts.collect())).toEqual(canonical(numbers(4).map((key) => [key, 3])));
  });

  describe("sample", () => {
    const range = () => gc().range(20_000, { partitions: 3 });

    test("without replacement", async () => {
      const sample = await range().sample(false, 0.1, 7).collect();
      expect(Math.abs(sample.length - 2000)).toBeLessThan(200);
      expect(new Set(sample).size).toBe(sample.length);
      expect(await range().sample(false, 0.1, 7).collect()).toEqual(sample);
      expect(await range().sample(false, 0.1, 8).collect()).not.toEqual(sample);
      expect(await range().sample(false, 0, 1).count()).toBe(0);
      expect(await range().sample(false, 1, 1).count()).toBe(20_000);
    });

    test("with replacement", async () => {
      const sample = await range().sample(true, 2.5, 7).collect();
      expect(Math.abs(sample.length - 50_000)).toBeLessThan(1500);
      expect(new Set(sample).size).toBeLessThan(19_000);
      expect(await range().sample(true, 2.5, 7).collect()).toEqual(sample);
      expect(await range().sample(true, 0, 7).count()).toBe(0);
    });

    test("refuses a fraction that is none", () => {
      expect(() => range().sample(false, 1.5)).toThrow("GLOAM_ARGUMENT_INVALID: fraction");
      expect(() => range().sample(true, -1)).toThrow("GLOAM_ARGUMENT_INVALID: fraction");
    });
  });
});
