import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { canonical, grouped, numbers, shapes, words } from "./sequences.ts";

onEveryMaster("counts and effects", (gc) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gloam-effects-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("of pairs that lie by a function of their keys, or behind a sort", async () => {
    const pairs = [["a", 1], ["b", 2], ["a", 1]] as [string, number][]; // prettier-ignore
    const expected = canonical([[["a", 1], 2], [["b", 2], 1]]); // prettier-ignore
    const rdd = gc().parallelize(pairs, 2);
    const laidOut = rdd.partitionBy({ partitions: 2, partition: (key) => key.charCodeAt(0) % 2 });
    for (const each of [laidOut, rdd.sortByKey({ partitions: 2 })]) {
      expect(canonical([...(await each.countByValue())])).toEqual(expected);
      expect(canonical(await each.hot(2))).toEqual(expected);
      expect(await each.countByKey()).toEqual(new Map([["a", 2], ["b", 1]])); // prettier-ignore
    }
  });

  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const elements = words(length).concat(words(Math.floor(length / 3)));
    const counts = [...grouped(elements.map((word) => [word, 1] as const))].map(([word, ones]) => [word, ones.length] as const); // prettier-ignore
    const rdd = () => gc().parallelize(elements, partitions);

    test("countByValue", async () => {
      const counted = await rdd().countByValue();
      expect(counted).toBeInstanceOf(Map);
      expect(canonical([...counted])).toEqual(canonical(counts));
    });

    test("hot", async () => {
      const frequencies = counts.map(([, count]) => count).toSorted((a, b) => b - a);
      for (const n of [0, 1, 7, 1000]) {
        const hot = await rdd().hot(n);
        expect(hot.map(([, count]) => count)).toEqual(frequencies.slice(0, n));
        expect(new Set(hot.map(([word]) => word)).size).toBe(hot.length);
        const known = new Map(counts);
        for (const [word, count] of hot) expect(known.get(word)).toBe(count);
        expect(await rdd().hot(n)).toEqual(hot);
      }
      expect((await rdd().hot()).length).toBe(Math.min(10, counts.length));
      expect((await rdd().hot(3, { partitions: 2 })).map(([, count]) => count)).toEqual(frequencies.slice(0, 3));
    });

    test("forEachPartition calls once for each partition, on an executor", async () => {
      const file = join(folder, `${length}-${partitions}`);
      writeFileSync(file, "");
      const seen: string[] = [];
      await rdd().forEachPartition((all) => {
        seen.push("here");
        appendFileSync(file, `${[...all].length}\n`);
      });
      expect(seen).toEqual([]);
      const lengths = (await readFile(file, "utf8")).trim().split("\n").map(Number);
      expect(lengths.length).toBe(partitions);
      expect(lengths.reduce((a, b) => a + b)).toBe(elements.length);
    });
  });

  test("countByValue counts by value", async () => {
    const points = gc().parallelize([{ x: 1 }, { x: 1 }, { x: 2 }], 2);
    expect(canonical([...(await points.countByValue())])).toEqual(canonical([[{ x: 1 }, 2], [{ x: 2 }, 1]])); // prettier-ignore
    expect(await points.hot(1)).toEqual([[{ x: 1 }, 2]]);
    const maps = gc().parallelize([new Map()], 1);
    await expect(maps.countByValue()).rejects.toMatchObject({ code: "GLOAM_KEY_UNSUPPORTED" });
  });

  test("forEachPartition reads generators, and not what the function leaves", async () => {
    const own = join(folder, "generator");
    await gc().range(4, { partitions: 2 }).forEachPartition(function* (elements) {
      for (const x of elements) yield writeFileSync(`${own}-${x}`, "");
    }); // prettier-ignore
    const names = (await readdir(folder)).filter((name) => name.startsWith("generator"));
    expect(names.toSorted()).toEqual(numbers(4).map((x) => `generator-${x}`));
    await gc().range(1e9, { partitions: 2 }).forEachPartition((elements) => elements.next()); // prettier-ignore
    const fails = gc().range(4).forEachPartition(() => { throw new Error("no connection"); }); // prettier-ignore
    await expect(fails).rejects.toMatchObject({ code: "GLOAM_TASK_FAILED", cause: { message: "no connection" } });
    const promises = async (): Promise<void> => undefined;
    await expect(gc().range(4).forEachPartition(promises)).rejects.toMatchObject({ code: "GLOAM_ASYNC_FUNCTION" });
  });

  test("arguments that are none are refused", async () => {
    for (const action of [
      () => gc().range(3).hot(-1),
      () => gc().range(3).hot(1, { partitions: 0 }),
      () =>
        gc()
          .range(3)
          .forEachPartition(5 as never),
    ])
      await expect(action()).rejects.toMatchObject({ code: "GLOAM_ARGUMENT_INVALID" });
  });
});
