import { statSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expectEqual } from "./proofs.mjs";

const iterations = 1000;
const hundred = 100;
const count = 100_000;
const keys = 20_000;

/**
 * A thousand iterations that map and reduce the same cached numbers, each with a shuffle of its own, as gradient descent
 * or PageRank would. Gives resident bytes and scratch bytes after each iteration.
 */
export async function mapAndReduceLoop(gc, scratch) {
  const numbers = gc.range(0, count, { partitions: 4 }).cache();
  const samples = [];
  let shift = 0;
  for (let iteration = 0; iteration < iterations; iteration++) {
    const current = shift;
    const sum = await numbers
      .map((number) => [(number * 7919 + current) % keys, 1])
      .reduceByKey((a, b) => a + b)
      .map(([key, n]) => key * n)
      .sum();
    expectEqual(`sum of iteration ${iteration}`, sum, ((keys * (keys - 1)) / 2) * (count / keys));
    shift = (shift + sum) % 1013;
    samples.push({ resident: process.memoryUsage.rss(), scratch: sizeOf(scratch) });
  }
  return Array.from({ length: iterations / hundred }, (_, index) => {
    const part = samples.slice(index * hundred, (index + 1) * hundred);
    return {
      resident: Math.max(...part.map((sample) => sample.resident)),
      scratch: Math.max(...part.map((sample) => sample.scratch)),
    };
  });
}

/** Bytes of all files below a directory; files that vanish meanwhile count nothing. */
function sizeOf(directory) {
  let total = 0;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    total += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return total;
}
