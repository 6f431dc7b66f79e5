import { createRandom } from "@gloam/common";
import { StorageLevel } from "gloam";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";

const levels = Object.values(StorageLevel);

onEveryMaster("storage levels", (gc) => {
  /** Elements that differ each time they are computed. */
  const volatile = () => gc().range(8, { partitions: 4 }).map((x) => [x, Math.random()]); // prettier-ignore

  describe.each(levels)("%s", (level) => {
    test("keeps partitions once they are computed", async () => {
      const rdd = volatile().persist(level);
      expect(rdd.getStorageLevel()).toBe(level);
      expect(rdd.isCached).toBe(true);
      const first = await rdd.collect();
      expect(await rdd.collect()).toEqual(first);
      expect(await rdd.coalesce(1).collect()).toEqual(first);
      expect(rdd.unpersist().getStorageLevel()).toBe("NONE");
      expect(await rdd.collect()).not.toEqual(first);
    });

    test("keeps whatever elements there are", async () => {
      const random = createRandom(levels.indexOf(level));
      const values = [1, -0, Number.NaN, "text", "\ud800", null, true, 1n, [1, "a"], { a: [{ b: 1 }] }, new Date(5)];
      const elements = Array.from({ length: 300 }, () => values[random.nextInt(values.length)]!);
      const rdd = gc().parallelize(elements, 7).persist(level);
      for (let round = 0; round < 3; round++) expect(await rdd.collect()).toEqual(elements);
      rdd.unpersist();
    });
  });

  test("an empty RDD, and more partitions than elements", async () => {
    expect(await gc().emptyRdd().persist("DISK_ONLY").collect()).toEqual([]);
    const sparse = gc().parallelize([1, 2], 5).persist("MEMORY_AND_DISK_SER");
    expect(await sparse.collect()).toEqual([1, 2]);
    expect(await sparse.collect()).toEqual([1, 2]);
  });

  test("cache is persist is MEMORY_ONLY", () => {
    expect(gc().range(1).cache().getStorageLevel()).toBe("MEMORY_ONLY");
    expect(gc().range(1).persist().getStorageLevel()).toBe("MEMORY_ONLY");
    expect(gc().range(1).getStorageLevel()).toBe("NONE");
  });

  test("a level cannot change, unless it is taken back first", async () => {
    const rdd = volatile().persist("DISK_ONLY");
    const first = await rdd.collect();
    expect(rdd.persist("DISK_ONLY")).toBe(rdd);
    expect(() => rdd.cache()).toThrow(expect.objectContaining({ code: "GLOAM_STORAGE_LEVEL_SET" }));
    expect(() => rdd.persist("DISK_ONLY_2")).toThrow("the level is DISK_ONLY already");
    expect(await rdd.collect()).toEqual(first);
    expect(rdd.unpersist().cache().getStorageLevel()).toBe("MEMORY_ONLY");
    const second = await rdd.collect();
    expect(second).not.toEqual(first);
    expect(await rdd.collect()).toEqual(second);
  });

  test("a level that there is not is refused", () => {
    expect(() =>
      gc()
        .range(1)
        .persist("MEMORY" as "MEMORY_ONLY"),
    ).toThrow(expect.objectContaining({ code: "GLOAM_ARGUMENT_INVALID" }));
  });

  test("a level that is given after others use the RDD holds for them", async () => {
    const rdd = volatile();
    const paired = rdd.map(([x, y]) => [x, y]).groupByKey(2); // prettier-ignore
    await paired.count();
    rdd.persist("MEMORY_AND_DISK");
    const first = await rdd.collect();
    expect(await rdd.map(([x, y]) => [y, x]).map(([y, x]) => [x, y]).collect()).toEqual(first); // prettier-ignore
  });
});
