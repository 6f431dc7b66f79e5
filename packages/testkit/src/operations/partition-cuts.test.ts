import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { numbers, shapes, sliced } from "./sequences.ts";

/** Cuts an array into runs of `size`. */
function runs<T>(elements: readonly T[], size: number): T[][] {
  return numbers(Math.ceil(elements.length / size)).map((run) => elements.slice(run * size, (run + 1) * size));
}

onEveryMaster("partition cuts", (gc) => {
  describe.each(shapes)("$length elements in $partitions partitions", ({ length, partitions }) => {
    const elements = numbers(length);
    const slices = sliced(elements, partitions);
    const rdd = () => gc().parallelize(elements, partitions);

    test("batch", async () => {
      for (const size of [1, 3, 4096, 5000]) {
        expect(await rdd().batch(size).collect()).toEqual(slices.flatMap((slice) => runs(slice, size)));
      }
    });

    test("enumeratePartition", async () => {
      const expected = slices.flatMap((slice, partition) => slice.map((x) => [partition, x]));
      expect(await rdd().enumeratePartition().collect()).toEqual(expected);
    });
  });

  test("slice and mergeSplit are those of an array of partitions", async () => {
    const bound = fc.integer({ min: -8, max: 8 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 6 }),
        bound,
        fc.option(bound, { nil: undefined }),
        fc.integer({ min: 1, max: 8 }),
        async (partitions, start, end, size) => {
          // Of files or of nothing, the number of partitions may be 0.
          const rdd = partitions === 0 ? gc().emptyRdd<number>() : gc().range(20, { partitions });
          const slices = partitions === 0 ? [] : sliced(numbers(20), partitions);
          expect(await rdd.slice(start, end).glom().collect()).toEqual(slices.slice(start, end));
          const merged = runs(slices, size).map((run) => run.flat());
          expect(await rdd.mergeSplit({ splitSize: size }).glom().collect()).toEqual(merged);
          const fewer = await rdd.mergeSplit({ numSplits: size }).glom().collect();
          expect(fewer).toEqual(runs(slices, Math.max(1, Math.ceil(slices.length / size))).map((run) => run.flat()));
        },
      ),
      { numRuns: 15 },
    );
  });

  test("slice computes no other partitions, and cuts of cuts add up", async () => {
    const rdd = gc()
      .range(40, { partitions: 8 })
      .map((x) => {
        if (x < 10 || x >= 30) throw new Error("computed in vain");
        return x;
      });
    expect(await rdd.slice(2, 6).slice(1).mergeSplit({ splitSize: 2 }).glom().collect()).toEqual([
      numbers(10).map((i) => i + 15),
      numbers(5).map((i) => i + 25),
    ]);
  });

  test("behind mapAsync", async () => {
    const rdd = gc()
      .range(10, { partitions: 2 })
      .mapAsync(async (x) => Promise.resolve(x));
    expect(await rdd.batch(2).collect()).toEqual([[0, 1], [2, 3], [4], [5, 6], [7, 8], [9]]);
    expect(await rdd.slice(1).collect()).toEqual([5, 6, 7, 8, 9]);
  });

  test("arguments that are not valid", () => {
    const rdd = gc().range(4);
    expect(() => rdd.slice(0.5)).toThrow("GLOAM_ARGUMENT_INVALID: start");
    expect(() => rdd.slice(0, NaN)).toThrow("GLOAM_ARGUMENT_INVALID: end");
    expect(() => rdd.batch(0)).toThrow("GLOAM_ARGUMENT_INVALID: size");
    expect(() => rdd.mergeSplit({ splitSize: 0 })).toThrow("GLOAM_ARGUMENT_INVALID: splitSize");
    expect(() => rdd.mergeSplit({ numSplits: -1 })).toThrow("GLOAM_ARGUMENT_INVALID: numSplits");
    expect(() => rdd.mergeSplit({} as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected { splitSize }");
  });
});
