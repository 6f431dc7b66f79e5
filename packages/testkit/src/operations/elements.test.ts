import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { shapes, words } from "./sequences.ts";

onEveryMaster("elements", (gc) => {
  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const elements = words(length);
    const rdd = () => gc().parallelize(elements, partitions);

    test("map", async () => {
      expect(await rdd().map((word) => word.length).collect()).toEqual(elements.map((word) => word.length)); // prettier-ignore
    });

    test("flatMap", async () => {
      const expected = elements.flatMap((word) => word.split(" "));
      expect(await rdd().flatMap((word) => word.split(" ")).collect()).toEqual(expected); // prettier-ignore
    });

    test("filter", async () => {
      const expected = elements.filter((word) => word.endsWith("7"));
      expect(await rdd().filter((word) => word.endsWith("7")).collect()).toEqual(expected); // prettier-ignore
    });

    test("keyBy", async () => {
      expect(await rdd().keyBy((word) => word.at(-1) ?? "").collect()).toEqual(elements.map((word) => [word.at(-1), word])); // prettier-ignore
    });

    test("mapAsync", async () => {
      const later = rdd().mapAsync(async (word) => {
        if (word.endsWith("3")) await new Promise((resolve) => setImmediate(resolve));
        return word.toUpperCase();
      });
      expect(await later.collect()).toEqual(elements.map((word) => word.toUpperCase()));
    });
  });

  test("flatMap takes any iterable and skips empty ones", async () => {
    const sets = gc().range(4).flatMap((x) => new Set(x % 2 === 0 ? [] : [x, x, -x])); // prettier-ignore
    expect(await sets.collect()).toEqual([1, -1, 3, -3]);
    const generated = gc()
      .range(3)
      .flatMap(function* (x) {
        for (let i = 0; i < x; i++) yield i;
      });
    expect(await generated.collect()).toEqual([0, 0, 1]);
  });

  test("a function captures what it closes over as it is at the call", async () => {
    let factor = 2;
    const scaled = gc().range(3).map((x) => x * factor); // prettier-ignore
    factor = 100;
    expect(await scaled.collect()).toEqual([0, 2, 4]);
  });

  test("mapAsync runs so many calls at a time and no more", async () => {
    const concurrency = 3;
    const seen = gc()
      .range(20, { partitions: 1 })
      .mapPartitions((xs) => [...xs].map((x) => [x]))
      .mapAsync(
        (() => {
          let running = 0;
          return async () => {
            running++;
            await new Promise((resolve) => setTimeout(resolve, 2));
            return running--;
          };
        })(),
        { concurrency },
      );
    const running = await seen.collect();
    expect(Math.max(...running)).toBe(concurrency);
  });

  test("operations follow mapAsync: partitions, shuffles, takes", async () => {
    const later = () => gc().range(100, { partitions: 3 }).mapAsync(async (x) => x + 1); // prettier-ignore
    expect(await later().mapPartitions((xs) => [[...xs].length]).collect()).toEqual([33, 33, 34]); // prettier-ignore
    expect(await later().coalesce(1).glom().count()).toBe(1); // prettier-ignore
    expect(await later().sortBy((x) => -x).take(2)).toEqual([100, 99]); // prettier-ignore
    expect(await later().union(later()).sum()).toBe(10_100);
    expect(await later().keyBy((x) => x % 2).mapValues(() => 1).reduceByKey((a, b) => a + b).values().collect()).toEqual([50, 50]); // prettier-ignore
    expect(await later().zipWithIndex().filter(([x, i]) => x !== i + 1).count()).toBe(0); // prettier-ignore
  });

  test("a rejected promise fails the task", async () => {
    const fails = gc().range(3).mapAsync(async (x) => (x === 1 ? Promise.reject(new Error("one")) : x)); // prettier-ignore
    await expect(fails.count()).rejects.toMatchObject({ code: "GLOAM_TASK_FAILED", cause: { message: "one" } });
  });

  test("an async function is refused where it would not be awaited", () => {
    expect(() => gc().range(3).map(async (x) => x)).toThrow("GLOAM_ASYNC_FUNCTION"); // prettier-ignore
  });
});
