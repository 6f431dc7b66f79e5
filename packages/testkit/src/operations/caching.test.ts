import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";

onEveryMaster("caching", (gc) => {
  /** Elements that differ each time they are computed. */
  const volatile = () => gc().range(8, { partitions: 4 }).map((x) => [x, Math.random()]); // prettier-ignore

  test("cached partitions are computed once", async () => {
    const rdd = volatile().cache();
    expect(rdd.isCached).toBe(true);
    const first = await rdd.collect();
    expect(await rdd.collect()).toEqual(first);
    expect(await rdd.filter(() => true).collect()).toEqual(first); // prettier-ignore
    expect(await rdd.coalesce(1).collect()).toEqual(first);
    expect(await rdd.sortByKey().collect()).toEqual(first);
  });

  test("partitions that a job did not need are computed later", async () => {
    const rdd = volatile().cache();
    expect((await rdd.take(1)).map(([x]) => x)).toEqual([0]);
    const all = await rdd.collect();
    expect(all.map(([x]) => x)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(await rdd.collect()).toEqual(all);
  });

  test("unpersist frees them", async () => {
    const rdd = volatile().cache();
    const first = await rdd.collect();
    expect(rdd.unpersist()).toBe(rdd);
    expect(rdd.isCached).toBe(false);
    expect(await rdd.collect()).not.toEqual(first);
  });

  test("a cached shuffle and what follows it", async () => {
    const counts = gc().range(1000).map((x) => [x % 10, 1]).reduceByKey((a, b) => a + b).cache(); // prettier-ignore
    for (let i = 0; i < 3; i++) expect(await counts.values().sum()).toBe(1000);
    expect(await counts.join(counts).count()).toBe(10);
  });

  describe("dispose", () => {
    test("the handle cannot be used any more, others can", async () => {
      const base = volatile().cache();
      const first = await base.collect();
      const derived = base.map(([x, random]) => [x, random]);
      base.dispose();
      base.dispose();
      expect(() => base.map((x) => x)).toThrow("GLOAM_RDD_DISPOSED"); // prettier-ignore
      await expect(base.count()).rejects.toThrow("GLOAM_RDD_DISPOSED");
      expect(await derived.collect()).toEqual(first);
      const { size } = gc().lifetimes;
      derived.dispose();
      expect(gc().lifetimes.size).toBeLessThan(size);
    });

    test("an action under way ends well", async () => {
      const counts = gc().range(10_000).map((x) => [x % 100, 1]).reduceByKey((a, b) => a + b); // prettier-ignore
      const counting = counts.count();
      counts.dispose();
      expect(await counting).toBe(100);
    });
  });
});
