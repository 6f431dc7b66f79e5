import fc from "fast-check";
import { expect, test } from "vitest";
import { onEveryMaster } from "../on-every-master.ts";
import { numbers } from "./sequences.ts";

onEveryMaster("splitting", (gc) => {
  test("every element is in one part, in its order, whatever the weights", async () => {
    const weights = fc
      .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e3, noNaN: true })), { minLength: 1, maxLength: 5 })
      .filter((given) => given.some((weight) => weight > 0));
    await fc.assert(
      fc.asyncProperty(
        weights,
        fc.integer(),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 200 }),
        async (given, seed, partitions, length) => {
          // prettier-ignore
          const rdd = gc().range(length, { partitions });
          const parts = await Promise.all(rdd.randomSplit(given, seed).map((part) => part.collect()));
          expect(parts.flat().toSorted((a, b) => a - b)).toEqual(numbers(length));
          for (const [index, part] of parts.entries()) {
            expect(part).toEqual(part.toSorted((a, b) => a - b));
            // The last part takes what rounding leaves.
            if (given[index] === 0 && index < given.length - 1) expect(part).toEqual([]);
          }
        },
      ),
      { numRuns: 10 },
    );
  });

  test("parts are as large as their weights say, the same for a seed, and others for another", async () => {
    const rdd = gc().range(20_000, { partitions: 3 });
    const [large, small] = rdd.randomSplit([0.75, 0.25], 7);
    const elements = await small.collect();
    expect(Math.abs(elements.length - 5000)).toBeLessThan(300);
    expect(await large.count()).toBe(20_000 - elements.length);
    expect(await rdd.randomSplit([3, 1], 7)[1].collect()).toEqual(elements);
    expect(await rdd.randomSplit([3, 1], 8)[1].collect()).not.toEqual(elements);
  });

  test("keys stay where they are", () => {
    const pairs = gc().range(20).keyBy((x) => x % 5).partitionBy(3); // prettier-ignore
    const [first] = pairs.randomSplit([1, 1]);
    expect(first.groupByKey().node.dependencies[0]?.kind).toBe("narrow");
  });

  test("weights that are not valid", () => {
    const rdd = gc().range(4);
    expect(() => rdd.randomSplit([1, -1])).toThrow("GLOAM_ARGUMENT_INVALID: a weight");
    expect(() => rdd.randomSplit([0, 0])).toThrow("GLOAM_ARGUMENT_INVALID: the weights must add up");
    expect(() => rdd.randomSplit([])).toThrow("GLOAM_ARGUMENT_INVALID: the weights must add up");
    expect(() => rdd.randomSplit([1e308, 1e308])).toThrow("GLOAM_ARGUMENT_INVALID: the weights must add up");
    expect(() => rdd.randomSplit("ab" as never)).toThrow("GLOAM_ARGUMENT_INVALID: expected an array");
    expect(() => rdd.randomSplit([1], NaN)).toThrow("GLOAM_ARGUMENT_INVALID: seed");
  });
});
