import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expectEqual } from "./proofs.mjs";
import { indexIn, keyOf, recordBytes, textOf, weightBelow, weightOf } from "./records.mjs";

const tasks = 64;

/** What leaves 1 GiB of an executor with two slots to cached blocks. */
export const conf = { "executor.memory": "2100m", "memory.storageFraction": 0.9 };

/**
 * Two RDDs are cached one after the other, each with half of the bytes: blocks of the first make room for those of the second.
 * Then both are read again, twice, and no partition is computed a second time.
 * @param directory Where tasks write down what they compute.
 */
export async function caches(gc, bytes, directory) {
  const count = Math.trunc(bytes / recordBytes / 2);
  const rdds = ["first", "second"].map((name) => {
    const tape = join(directory, `computed-${name}`);
    const records = gc
      .range(0, count, { partitions: tasks })
      .mapPartitions((indices) => {
        appendFileSync(tape, "x");
        return indices;
      })
      .map((index) => [keyOf(index), textOf(index)])
      .persist("MEMORY_AND_DISK");
    return { name, records, computed: () => (existsSync(tape) ? readFileSync(tape, "utf8").length : 0) };
  });
  const expected = weightBelow(count);
  for (let pass = 0; pass < 3; pass++) {
    for (const { name, records, computed } of rdds) {
      const begin = performance.now();
      const total = await records
        .map(([key, text]) => {
          const index = indexIn(text);
          return { matching: keyOf(index) === key, count: 1, weight: weightOf(index) };
        })
        .reduce((a, b) => ({
          matching: a.matching && b.matching,
          count: a.count + b.count,
          weight: a.weight + b.weight,
        }));
      expectEqual("texts belong to their keys", total.matching, true);
      expectEqual("records", total.count, count);
      expectEqual("sum of weights", total.weight, expected);
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      const [{ evictedBlocks }] = await gc.statusTracker.executors();
      console.log(
        `caches: pass ${pass + 1} over the ${name} RDD: ${seconds} s, ${computed()} partitions computed of ${tasks}, ` +
          `${evictedBlocks} blocks evicted so far`,
      );
      expectEqual("partitions computed", computed(), tasks);
    }
  }
  const [{ evictedBlocks }] = await gc.statusTracker.executors();
  expectEqual("some blocks were evicted", evictedBlocks > 0, true);
}
