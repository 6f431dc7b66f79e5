import { indexIn, keyOf, recordBytes, textOf, weightBelow, weightOf } from "./records.mjs";

const tasks = 64;
const groupSize = 10;

/** Every record comes back once, in the order of its key. */
async function sortByKey(gc, bytes) {
  const count = Math.trunc(bytes / recordBytes);
  const parts = await gc
    .range(0, count, { partitions: tasks })
    .map((index) => [keyOf(index), textOf(index)])
    .sortByKey({ partitions: tasks })
    .mapPartitions((rows) => {
      const seen = { count: 0, weight: 0, first: undefined, last: -1, ordered: true };
      for (const [key, text] of rows) {
        const index = indexIn(text);
        seen.ordered &&= seen.last < key && keyOf(index) === key;
        seen.first ??= key;
        seen.last = key;
        seen.count++;
        seen.weight += weightOf(index);
      }
      return [seen];
    })
    .collect();
  const filled = parts.filter((part) => part.count > 0);
  expectEqual(
    "order within partitions",
    filled.every((part) => part.ordered),
    true,
  );
  expectEqual(
    "order of partitions",
    filled.every((part, at) => at === 0 || filled[at - 1].last < part.first),
    true,
  );
  expectTotals(parts, count);
}

/** Ten records to a key: every group is whole. */
async function groupByKey(gc, bytes) {
  const groups = Math.trunc(bytes / recordBytes / groupSize);
  const parts = await gc
    .range(0, groups * groupSize, { partitions: tasks })
    .map((index) => [keyOf(index % groups), textOf(index)])
    .groupByKey(tasks)
    .map(([key, texts]) => {
      const indices = texts.map(indexIn);
      const whole = indices.length === groupSize && indices.every((index) => keyOf(index % groups) === key);
      return { whole, count: indices.length, weight: indices.reduce((sum, index) => sum + weightOf(index), 0) };
    })
    .reduce((a, b) => ({ whole: a.whole && b.whole, count: a.count + b.count, weight: a.weight + b.weight }));
  expectEqual("groups are whole", parts.whole, true);
  expectTotals([parts], groups * groupSize);
}

/** Every key is there once, so that combining on the map side cannot help. */
async function reduceByKey(gc, bytes) {
  const count = Math.trunc(bytes / recordBytes);
  const total = await gc
    .range(0, count, { partitions: tasks })
    .map((index) => [keyOf(index), textOf(index)])
    .reduceByKey((a, b) => (a < b ? a : b), tasks)
    .map(([key, text]) => {
      const index = indexIn(text);
      return { matching: keyOf(index) === key, count: 1, weight: weightOf(index) };
    })
    .reduce((a, b) => ({ matching: a.matching && b.matching, count: a.count + b.count, weight: a.weight + b.weight }));
  expectEqual("values belong to their keys", total.matching, true);
  expectTotals([total], count);
}

/** Two sides of half the bytes each; every key is on both sides once. */
async function join(gc, bytes) {
  const count = Math.trunc(bytes / recordBytes / 2);
  const side = () => gc.range(0, count, { partitions: tasks }).map((index) => [keyOf(index), textOf(index)]);
  const total = await side()
    .join(side(), tasks)
    .map(([key, [left, right]]) => {
      const index = indexIn(left);
      return { matching: left === right && keyOf(index) === key, count: 1, weight: weightOf(index) };
    })
    .reduce((a, b) => ({ matching: a.matching && b.matching, count: a.count + b.count, weight: a.weight + b.weight }));
  expectEqual("both sides belong to their key", total.matching, true);
  expectTotals([total], count);
}

/** What each proof runs, by name. */
export const proofs = { sortByKey, groupByKey, reduceByKey, join };

function expectTotals(parts, count) {
  const total = (field) => parts.reduce((sum, part) => sum + part[field], 0);
  expectEqual("records", total("count"), count);
  expectEqual("sum of weights", total("weight"), weightBelow(count));
}

/** Throws when a proof's figure is not what it must be. */
export function expectEqual(what, actual, expected) {
  if (actual !== expected) throw new Error(`${what}: ${actual} instead of ${expected}`);
}
