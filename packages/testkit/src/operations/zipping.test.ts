import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { numbers, shapes, sliced, words } from "./sequences.ts";

const values = fc.array(fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.constant(undefined)), {
  maxLength: 30,
});

onEveryMaster("zipping", (gc) => {
  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const [as, bs] = [numbers(length), words(length)];
    const left = () => gc().parallelize(as, partitions);
    const right = () => gc().parallelize(bs, partitions);

    test("zip", async () => {
      const expected = as.map((a, i) => [a, bs[i]]);
      expect(await left().zip(right()).collect()).toEqual(expected);
      const rows = right().map((word) => `${word}!`);
      expect(await left().zip(rows).collect()).toEqual(as.map((a, i) => [a, `${bs[i]}!`]));
      expect(await left().zip(left().map((x) => x * 2)).filter(([a, b]) => b !== 2 * a).count()).toBe(0); // prettier-ignore
    });

    test("zipWith", async () => {
      const joined = left().zipWith(right(), (a, b) => `${a} ${b}`);
      expect(await joined.collect()).toEqual(as.map((a, i) => `${a} ${bs[i]}`));
    });

    test("zipPartitions", async () => {
      const sums = left().zipPartitions(right(), left(), right(), function* (xs, ws, ys, vs) {
        yield [[...xs, ...ys].reduce((sum, x) => sum + x, 0), [...ws].length + [...vs].length];
      });
      const expected = sliced(as, partitions).map((s) => [2 * s.reduce((sum, x) => sum + x, 0), 2 * s.length]);
      expect(await sums.collect()).toEqual(expected);
    });

    test("zipWithUniqueId", async () => {
      const expected = sliced(as, partitions).flatMap((s, p) => s.map((x, k) => [x, k * partitions + p]));
      expect(await left().zipWithUniqueId().collect()).toEqual(expected);
    });
  });

  test("random values, in pieces of any length on either side", async () => {
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        async (given, n, copies) => {
          const rdd = gc().parallelize(given, n);
          // Batches of the two sides end at different places.
          const single = rdd.flatMap((x) => numbers(copies).map(() => x));
          const other = rdd.mapPartitions(function* (xs) {
            for (const x of xs) for (let i = 0; i < copies; i++) yield [x];
          });
          const expected = given.flatMap((x) => numbers(copies).map(() => [x, [x]]));
          expect(await single.zip(other).collect()).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  });

  test("columns of different batch lengths", async () => {
    const length = 30_000;
    const left = gc().range(length, { partitions: 2 });
    const right = gc().parallelize(numbers(length), 2).cache();
    await right.count();
    expect(await left.zip(right).filter(([a, b]) => a !== b).count()).toBe(0); // prettier-ignore
    expect(await left.zip(right).count()).toBe(length);
    expect(await right.zip(left.map((x) => `${x}`)).filter(([a, b]) => `${a}` !== b).count()).toBe(0); // prettier-ignore
  });

  test("different numbers of partitions", () => {
    const rdd = gc().range(4, { partitions: 2 });
    const three = gc().range(4, { partitions: 3 });
    expect(() => rdd.zip(three)).toThrow(/GLOAM_ZIP_UNEQUAL: the RDDs have 2 and 3 partitions .*zipping\.test\.ts/);
    expect(() => rdd.zipWith(three)).toThrow("GLOAM_ZIP_UNEQUAL");
    expect(() => rdd.zipPartitions(rdd, three, (xs) => xs)).toThrow("GLOAM_ZIP_UNEQUAL");
  });

  test("different numbers of partitions, known once files were found", async () => {
    const directory = mkdtempSync(join(tmpdir(), "gloam-zipping-"));
    try {
      writeFileSync(join(directory, "lines.txt"), "a\nb\n");
      const lines = gc().textFile(join(directory, "lines.txt"), { minPartitions: 1 });
      const zipped = lines.zip(gc().range(4, { partitions: 2 }));
      await expect(zipped.count()).rejects.toMatchObject({ code: "GLOAM_ZIP_UNEQUAL", operation: "zip" });
      await expect(zipped.count()).rejects.toMatchObject({ code: "GLOAM_ZIP_UNEQUAL" });
      expect(await lines.zip(lines).collect()).toEqual([["a", "a"], ["b", "b"]]); // prettier-ignore
      expect(await lines.zip(gc().range(2, { partitions: 1 })).collect()).toEqual([["a", 0], ["b", 1]]); // prettier-ignore
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test("different numbers of elements", async () => {
    const [four, five] = [gc().range(4, { partitions: 1 }), gc().range(5, { partitions: 1 })];
    await expect(four.zip(five).collect()).rejects.toMatchObject({
      code: "GLOAM_ZIP_UNEQUAL",
      message: expect.stringContaining("the other RDD has more elements in its partition 0") as string,
    });
    await expect(five.zip(four).count()).rejects.toThrow("GLOAM_ZIP_UNEQUAL: the first RDD has more");
    await expect(five.filter(() => false).zip(four).count()).rejects.toThrow("the other RDD has more"); // prettier-ignore
    const pairs = [[0, 0], [1, 1], [2, 2], [3, 3]]; // prettier-ignore
    expect(await five.zipWith(four).collect()).toEqual(pairs);
    expect(await four.zipWith(five).collect()).toEqual(pairs);
    expect(await four.zip(five).take(2)).toEqual([[0, 0], [1, 1]]); // prettier-ignore
  });

  test("behind mapAsync, on either side and on both", async () => {
    const range = () => gc().range(5000, { partitions: 2 });
    const slow = () => range().mapAsync(async (x) => Promise.resolve(x));
    for (const [a, b] of [
      [slow(), range()],
      [range(), slow()],
      [slow(), slow()],
    ] as const) {
      // prettier-ignore
      expect(await a.zip(b).filter(([x, y]) => x === y).count()).toBe(5000); // prettier-ignore
      const lengths = a.zipPartitions(b, (xs, ys) => [[...xs].length + [...ys].length]);
      expect(await lengths.collect()).toEqual([5000, 5000]);
    }
    await expect(slow().zip(slow().filter((x) => x !== 4999)).count()).rejects.toThrow("GLOAM_ZIP_UNEQUAL"); // prettier-ignore
  });

  test("zipPartitions keeps keys where they are when it is told so", async () => {
    const pairs = gc().range(20).keyBy((x) => x % 5).partitionBy(3); // prettier-ignore
    const kept = pairs.zipPartitions(pairs.mapValues((x) => -x), (xs, ys) => [...xs, ...ys], { preservesPartitioning: true }); // prettier-ignore
    expect(kept.groupByKey().node.dependencies[0]?.kind).toBe("narrow");
    expect(await kept.groupByKey().count()).toBe(5);
    expect(pairs.zipPartitions(pairs, (xs) => xs).groupByKey().node.dependencies[0]?.kind).toBe("shuffle"); // prettier-ignore
  });

  test("arguments that are not valid", () => {
    const rdd = gc().range(4);
    expect(() => rdd.zip([1, 2, 3, 4] as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected another RDD");
    expect(() => rdd.zipPartitions((() => []) as never, undefined as never)).toThrow(
      "GLOAM_ARGUMENT_INVALID: expected one to three other RDDs",
    );
    expect(() => rdd.zipPartitions(rdd, undefined as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected a function");
  });
});
