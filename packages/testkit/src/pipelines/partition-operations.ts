import { taskContext } from "gloam";
import type { Operation } from "./operation.ts";
import { rowOf, textOf } from "./row-texts.ts";
import { compare, type Row } from "./rows.ts";

// Where an operation says something that the model does not know, such as a partition's number, what is not as promised is left
// out, and then is missing in the outcome.

const enumeratePartition: Operation = (_, { rows, order }) => ({
  description: "enumeratePartition().mapPartitionsWithIndex(the rows that have the same number)",
  rows,
  order,
  build: (rdd) =>
    rdd
      .enumeratePartition()
      .mapPartitionsWithIndex((index, pairs) =>
        [...pairs].flatMap(([partition, row]) => (partition === index ? [row] : [])),
      ),
});

/** Which partition it is depends on what follows in the stage. */
const tasks: Operation = (_, { rows, order }) => ({
  description: "filter(where a task has a stage, a partition and an attempt)",
  rows,
  order,
  build: (rdd) =>
    rdd.filter(() => {
      const { stage, partition, attempt, cancelled } = taskContext();
      return [stage, partition, attempt].every((number) => number >= 0) && !cancelled;
    }),
});

const zipWithUniqueId: Operation = (_, { rows, order }) => ({
  description: "zipWithUniqueId(), the rows whose number is as promised",
  rows,
  order,
  async build(rdd) {
    const partitions = await rdd.getNumPartitions();
    return rdd
      .zipWithUniqueId()
      .mapPartitionsWithIndex((index, pairs) =>
        [...pairs].filter(([, id], at) => id === index + at * partitions).map(([row]) => row),
      );
  },
});

const zipWithIndex: Operation = (_, { rows, order }) => ({
  description: "zipWithIndex(), the rows whose indices are one after the other",
  rows,
  order,
  build: (rdd) =>
    rdd.zipWithIndex().mapPartitions(function* (pairs) {
      let next: number | undefined;
      for (const [row, index] of pairs) {
        if (next === undefined || index === next) yield row;
        next = index + 1;
      }
    }),
});

const zipPartitions: Operation = (_, { rows, order }) => ({
  description: "zipPartitions(with its doubles and its keys)",
  rows: rows.map(([key, value]) => [key, (value * 3) % 1024]),
  order: order === "key" ? "key" : undefined,
  build: (rdd) =>
    rdd.zipPartitions(
      rdd.values().map((value) => value * 2),
      rdd.keys(),
      function* (elements, doubles, keys): Generator<Row> {
        for (const [, value] of elements) {
          const [double, key] = [doubles.next(), keys.next()];
          if (double.done === true || key.done === true) return;
          yield [key.value, (value + double.value) % 1024];
        }
      },
    ),
});

const zipWith: Operation = (_, first, second) => {
  const [left, right] = [first, second].map(({ rows }) => rows.map(([, value]) => value).toSorted(compare));
  const length = Math.min(left!.length, right!.length);
  return {
    description: "zipWith of sorted values",
    rows: left!.slice(0, length).map((value, at) => [Math.floor(value) % 50, (value + right![at]!) % 1024]),
    keys: "integer",
    inputs: 2,
    build(rdd, other) {
      const [values, others] = [rdd, other].map((side) => side.values().sortBy((value) => value, { partitions: 1 }));
      return values!.zipWith(others!, (a, b): Row => [Math.floor(a) % 50, (a + b) % 1024]);
    },
  };
};

const zipKeys: Operation = (_, { rows, order }) => ({
  description: "keys().zip(values())",
  rows,
  order,
  build: (rdd) => rdd.keys().zip(rdd.values()),
});

const pipe: Operation = (_, { rows, order }) => ({
  description: 'pipe("cat") of lines',
  rows,
  order,
  build: (rdd) => rdd.map(textOf).pipe("cat").map(rowOf),
});

const barrier: Operation = (_, { rows }) => ({
  description: "barrier().mapPartitions(adds the number of all rows).repartition(1)",
  rows: rows.map(([key, value]) => [key, (value + rows.length) % 1024]),
  // As many partitions on every master again.
  build: (rdd, _second, { slots }) =>
    rdd
      .coalesce(slots)
      .barrier()
      .mapPartitions((elements, context) => {
        const mine = [...elements];
        const lengths = context.allGather(mine.length);
        const first = context.broadcast(context.rank === 0 ? lengths : undefined);
        const all = context.allReduce(mine.length, (a, b) => a + b);
        if (first?.join() !== lengths.join()) return [];
        return mine.map(([key, value]): Row => [key, (value + all) % 1024]);
      })
      .repartition(1),
});

const withResources: Operation = (_, { rows, order }) => ({
  description: "withResources(several slots)",
  rows,
  order,
  build: (rdd, _second, { slots }) => rdd.withResources({ cpus: slots, memory: 2 ** 20 }),
});

/** Operations on partitions as wholes, and on the places of rows within them. */
export const partitionOperations: readonly Operation[] = [
  enumeratePartition,
  tasks,
  zipWithUniqueId,
  zipWithIndex,
  zipPartitions,
  zipWith,
  zipKeys,
  pipe,
  barrier,
  withResources,
];
