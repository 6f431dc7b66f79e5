import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "gloam-map-reduce-"));
  await writeFile(join(directory, "a.txt"), "the moon\nthe sun\n");
  await writeFile(join(directory, "b.txt"), "the moon\n");
});
afterAll(() => rm(directory, { recursive: true }));

const total = function* (word: string, counts: Iterable<number>) {
  let sum = 0;
  for (const count of counts) sum += count;
  yield [word, sum] as const;
};
const words = (line: string) => line.split(" ").map((word): [string, number] => [word, 1]);

onEveryMaster("mapReduce", (gc) => {
  test("over text files, into text files", async () => {
    const output = join(directory, gc().configuration.get("master").replaceAll(/\W/g, "-"));
    const input = join(directory, "*.txt");
    await gc().mapReduce({ input, mapper: words, combiner: total, reducer: total, reducers: 2, output });
    const parts = (await readdir(output)).filter((name) => name.startsWith("part-")).toSorted();
    expect(parts).toHaveLength(2);
    const texts = await Promise.all(parts.map((part) => readFile(join(output, part), "utf8")));
    expect(texts.join("")).toBe("moon\t2\nsun\t1\nthe\t3\n");
    const again = gc().mapReduce({ input, mapper: words, reducer: total, output });
    await expect(again).rejects.toMatchObject({ code: "GLOAM_OUTPUT_EXISTS" });
  });

  test("NaN is a key with values, as another", async () => {
    const sums = gc().mapReduce({
      input: gc().parallelize([NaN, 1, NaN, 2], 2),
      mapper: (number) => [[number, 1]],
      reducer: (key, ones) => [[key, [...ones].length]],
    });
    expect(await sums.collect()).toEqual([[1, 1], [2, 1], [NaN, 2]]); // prettier-ignore
  });

  test("results come in the order of the keys, with and without a combiner", async () => {
    const pair = fc.tuple(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.tuple(fc.constantFrom("a", "b"), fc.nat(2))), fc.integer()); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(fc.array(pair), fc.integer({ min: 1, max: 4 }), fc.boolean(), async (pairs, parts, combines) => {
        const collected = await gc()
          .mapReduce({
            input: gc().parallelize(pairs, parts),
            mapper: (each) => [each, each],
            combiner: combines ? (key, values) => [[key, [...values].reduce((a, b) => a + b, 0)]] : undefined,
            reducer: (key, values) => [[key, [...values].reduce((a, b) => a + b, 0)]],
            reducers: 3,
          })
          .collect();
        const model = new Map<string, number>();
        for (const [key, value] of pairs)
          model.set(JSON.stringify(key), (model.get(JSON.stringify(key)) ?? 0) + 2 * value);
        expect(new Map(collected.map(([key, sum]) => [JSON.stringify(key), sum]))).toEqual(model);
        expect(collected).toHaveLength(model.size);
        const numbers = collected.flatMap(([key]) => (typeof key === "number" ? [key] : []));
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }),
      { numRuns: 15 },
    );
  });

  test("a reducer may leave values, and a combiner sees more than fit", async () => {
    const pairs = gc().range(200_000, { partitions: 2 });
    const first = gc().mapReduce({
      input: pairs,
      mapper: (x) => [[x % 3, x]],
      reducer: (key, values) => {
        for (const value of values) return [[key, value]];
        return [];
      },
    });
    expect(await first.collect()).toEqual([[0, 0], [1, 1], [2, 2]]); // prettier-ignore
    const distinct = gc().mapReduce({
      input: pairs,
      mapper: (x) => [[x >> 1, 1]],
      combiner: (key, counts) => [[key, [...counts].reduce((a, b) => a + b)]],
      reducer: (_, counts) => [[...counts].reduce((a, b) => a + b)],
    });
    expect(await distinct.count()).toBe(100_000);
    expect(await distinct.sum()).toBe(200_000);
  });

  test("nothing gives nothing", async () => {
    const none = gc().mapReduce({ input: gc().emptyRdd<string>(), mapper: words, reducer: total });
    expect(await none.collect()).toEqual([]);
  });

  test("wrong arguments", () => {
    const job = { input: gc().parallelize(["a"]), mapper: words, reducer: total };
    expect(() => gc().mapReduce({ ...job, reducers: 0 })).toThrow("GLOAM_ARGUMENT_INVALID: reducers");
    expect(() => gc().mapReduce({ ...job, mapper: "words" as never })).toThrow("expected a function");
  });
});
