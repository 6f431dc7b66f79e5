import { action, nothing, type Action } from "./action.ts";
import { compare, nameOf, sumOf, type Row } from "./rows.ts";

const valuesOf = (rows: readonly Row[]): number[] => rows.map(([, value]) => value);
const add = (a: number, b: number): number => a + b;

const reduce: Action = (_, { rows }) =>
  action({
    description: "values().reduce(sum)",
    expected: rows.length === 0 ? nothing : nameOf(sumOf(valuesOf(rows))),
    run: (rdd) => rdd.values().reduce(add),
    promised: nameOf,
  });

const treeReduce: Action = (random, { rows }) => {
  const depth = 1 + random.nextInt(3);
  return action({
    description: `values().treeReduce(sum, { depth: ${depth} })`,
    expected: rows.length === 0 ? nothing : nameOf(sumOf(valuesOf(rows))),
    run: (rdd) => rdd.values().treeReduce(add, { depth }),
    promised: nameOf,
  });
};

const fold: Action = (_, { rows }) =>
  action({
    description: "values().fold(0, sum)",
    expected: nameOf(sumOf(valuesOf(rows))),
    run: (rdd) => rdd.values().fold(0, add),
    promised: nameOf,
  });

/** Adds a value to a sum and a count. */
const counted = ([sum, count]: readonly [number, number], [, value]: Row): [number, number] => [sum + value, count + 1];
const together = ([a, m]: readonly [number, number], [b, n]: readonly [number, number]): [number, number] => [a + b, m + n]; // prettier-ignore

const aggregate: Action = (_, { rows }) =>
  action({
    description: "aggregate(sum and count)",
    expected: [sumOf(valuesOf(rows)), rows.length].map(nameOf),
    run: (rdd) => rdd.aggregate([0, 0] as [number, number], counted, together),
    promised: (both) => both.map(nameOf),
  });

const treeAggregate: Action = (random, { rows }) => {
  const depth = 1 + random.nextInt(3);
  return action({
    description: `treeAggregate(sum and count, { depth: ${depth} })`,
    expected: [sumOf(valuesOf(rows)), rows.length].map(nameOf),
    run: (rdd) => rdd.treeAggregate([0, 0] as [number, number], counted, together, { depth }),
    promised: (both) => both.map(nameOf),
  });
};

/** In the order of the rows, which is known of what was sorted. */
const concatenate: Action = (_, { rows, order }) => {
  if (order !== "value") return undefined;
  return action({
    description: "values().map(String).treeReduce(concatenate)",
    expected: rows.length === 0 ? nothing : valuesOf(rows).map(String).join(),
    run: (rdd) =>
      rdd
        .values()
        .map(String)
        .treeReduce((a, b) => `${a},${b}`),
  });
};

const runJob: Action = (random, { rows }) => {
  const isReversed = random.nextInt(2) === 0;
  return action({
    description: `runJob(lengths and partitions${isReversed ? ", the last one first" : ""})`,
    expected: { length: rows.length, areInOrder: true },
    async run(rdd, { gc }) {
      const indices = Array.from({ length: await rdd.getNumPartitions() }, (_, index) => index);
      const partitions = isReversed ? indices.toReversed() : indices;
      const lengthOf = (elements: Iterable<Row>, { partition }: { partition: number }): [number, number] => [
        partition,
        [...elements].length,
      ];
      const found = await gc.runJob(rdd, lengthOf, isReversed ? { partitions } : {});
      return { found, partitions };
    },
    promised: ({ found, partitions }) => ({
      length: sumOf(found.map(([, length]) => length)),
      areInOrder: compare(found.map(([partition]) => partition), partitions) === 0, // prettier-ignore
    }),
  });
};

/** Actions that put all rows together by a function. */
export const reducingActions: readonly Action[] = [
  reduce,
  treeReduce,
  fold,
  aggregate,
  treeAggregate,
  concatenate,
  runJob,
];
