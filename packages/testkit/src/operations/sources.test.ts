import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { numbers, shapes, sliced, words } from "./sequences.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gloam-operations-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

onEveryMaster("sources", (gc) => {
  describe("parallelize", () => {
    test.each(shapes)("$length elements in $partitions partitions", async ({ length, partitions }) => {
      const elements = words(length);
      const rdd = gc().parallelize(elements, partitions);
      expect(await rdd.glom().collect()).toEqual(sliced(elements, partitions));
    });

    test("takes a snapshot of anything iterable", async () => {
      const set = new Set([1, 2]);
      const rdd = gc().parallelize(set);
      set.add(3);
      expect(await rdd.collect()).toEqual([1, 2]);
    });

    test("keeps every kind of value, -0, undefined and NaN among them", async () => {
      const values = [
        undefined,
        null,
        -0,
        NaN,
        1n,
        "",
        new Date(5),
        [1, "a"],
        { a: [undefined] },
        new Map([[1, 2]]),
        true,
      ];
      expect(await gc().parallelize(values, 3).collect()).toEqual(values);
    });

    test("refuses what cannot travel and an invalid number of partitions", () => {
      expect(() => gc().parallelize([() => 1])).toThrow("GLOAM_VALUE_NOT_SERIALIZABLE");
      expect(() => gc().parallelize([1], 0)).toThrow("GLOAM_ARGUMENT_INVALID: partitions");
    });
  });

  describe("range", () => {
    test.each([
      [0, 10, 1],
      [5, 5, 1],
      [3, -3, 1],
      [10, 0, -3],
      [0.5, 3, 0.25],
      [2 ** 31 - 3, 2 ** 31 + 3, 1],
      [-(2 ** 40), -(2 ** 40) + 5, 1],
    ])("from %d to %d by %d", async (start, end, step) => {
      const expected: number[] = [];
      for (let i = 0; step > 0 ? start + i * step < end : start + i * step > end; i++) expected.push(start + i * step);
      expect(await gc().range(start, end, { step, partitions: 3 }).collect()).toEqual(expected);
    });

    test("many numbers", async () => {
      expect(await gc().range(100_000).sum()).toBe(4_999_950_000);
      expect(await gc().range(9).map((x) => x).collect()).toEqual(numbers(9)); // prettier-ignore
    });

    test("refuses a step of 0", () => {
      expect(() => gc().range(1, 2, { step: 0 })).toThrow("GLOAM_ARGUMENT_INVALID: step must not be 0");
    });
  });

  test("emptyRdd", async () => {
    const empty = gc().emptyRdd<[string, number]>();
    expect(await empty.getNumPartitions()).toBe(0);
    expect(await empty.collect()).toEqual([]);
    expect(await empty.reduceByKey((a, b) => a + b).collect()).toEqual([]);
    expect(await empty.union(gc().parallelize<[string, number]>([["a", 1]])).groupByKey().collect()).toEqual([["a", [1]]]); // prettier-ignore
    expect(await empty.sortByKey().zipWithIndex().count()).toBe(0);
  });

  test("union of several", async () => {
    const parts = [[1, 2], [], [3]];
    expect(
      await gc()
        .union(parts.map((part) => gc().parallelize(part, 2)))
        .collect(),
    ).toEqual([1, 2, 3]);
    expect(await gc().union([]).collect()).toEqual([]);
  });

  describe("textFile and saveAsTextFile", () => {
    test("lines come back as they were saved", async () => {
      const path = join(directory, `saved-${gc().defaultParallelism}`);
      const lines = words(5000);
      await gc().parallelize(lines, 3).saveAsTextFile(path);
      expect((await readdir(path)).toSorted()).toEqual(["_SUCCESS", "part-00000", "part-00001", "part-00002"]);
      expect(await gc().textFile(path).collect()).toEqual(lines);
      const url = pathToFileURL(path);
      expect(await gc().textFile(url).count()).toBe(lines.length);
      expect(await gc().textFile([path, url]).count()).toBe(2 * lines.length);
      await expect(gc().parallelize(lines).saveAsTextFile(path)).rejects.toThrow("GLOAM_OUTPUT_EXISTS");
    });

    test("gzip", async () => {
      const path = join(directory, `gzip-${gc().defaultParallelism}`);
      await gc().parallelize(["ä", "b"], 1).saveAsTextFile(path, { gzip: true });
      expect(await readdir(path)).toContain("part-00000.gz");
      expect(await gc().textFile(`${path}/*.gz`).collect()).toEqual(["ä", "b"]);
    });

    test("a task that fails leaves nothing behind", async () => {
      const path = join(directory, "fails");
      const fails = gc()
        .range(10, { partitions: 2 })
        .map((x) => {
          if (x === 7) throw new Error("seven");
          return x;
        });
      await expect(fails.saveAsTextFile(path)).rejects.toThrow("GLOAM_TASK_FAILED");
      expect((await readdir(directory)).filter((name) => name.includes("fails"))).toEqual([]);
    });

    test("files that appear between operation and action are seen; counts derived from them are right", async () => {
      const path = join(directory, `late-${gc().defaultParallelism}`);
      await mkdir(path);
      const lines = gc().textFile(path, { minPartitions: 1 });
      const counts = lines.keyBy((line) => line).mapValues(() => 1).reduceByKey((a, b) => a + b); // prettier-ignore
      const joined = counts.join(lines.keyBy((line) => line));
      await writeFile(join(path, "a.txt"), "x\r\ny\nx");
      expect((await joined.keys().collect()).toSorted()).toEqual(["x", "x", "y"]);
    });

    test("missing input", async () => {
      await expect(gc().textFile(join(directory, "nothing")).count()).rejects.toThrow("GLOAM_INPUT_NOT_FOUND");
    });
  });
});
