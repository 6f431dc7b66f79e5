import { partitionsOf, type Operation } from "./operation.ts";
import { cogrouped, compare, grouped, nameOf, sumOf, type Row } from "./rows.ts";

const uniq: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  return {
    description: `uniq(${partitions})`,
    rows: [...new Map(rows.map((row) => [nameOf(row), row])).values()],
    build: (rdd) => rdd.uniq(partitions),
  };
};

const foldByKey: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  return {
    description: `foldByKey(0, sum, ${partitions})`,
    rows: grouped(rows).map(([key, values]) => [key, sumOf(values)]),
    build: (rdd) => rdd.foldByKey(0, (a, b) => a + b, partitions),
  };
};

const groupWith: Operation = (random, first, second) => {
  const partitions = partitionsOf(random);
  return {
    description: `groupWith(other, its doubles, ${partitions})`,
    rows: cogrouped(first.rows, second.rows).map(([key, lefts, rights]) => [key, sumOf(rights) - sumOf(lefts) * 3]),
    keys: first.keys === second.keys ? first.keys : "mixed",
    inputs: 2,
    build(rdd, other) {
      const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
      const doubles = rdd.mapValues((value) => value * 2);
      return rdd
        .groupWith(other, doubles, partitions)
        .mapValues(([lefts, rights, twice]) => sum(rights) - sum(lefts) - sum(twice));
    },
  };
};

const cogroupOfFour: Operation = (random, first, second) => {
  const partitions = partitionsOf(random);
  return {
    description: `cogroup(other, its rows again, other's again, ${partitions})`,
    rows: cogrouped(first.rows, second.rows).map(([key, lefts, rights]) => [
      key,
      lefts.length * 1000 + rights.length + sumOf(lefts) - sumOf(rights),
    ]),
    keys: first.keys === second.keys ? first.keys : "mixed",
    inputs: 2,
    build(rdd, other) {
      const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
      return rdd
        .cogroup(other, rdd, other, partitions)
        .mapValues(([a, b, c, d]) => a.length * 1000 + b.length + sum(c) - sum(d));
    },
  };
};

const unionOfSeveral: Operation = (_, first, second) => ({
  description: "gc.union([first, second, first])",
  rows: [...first.rows, ...second.rows, ...first.rows],
  keys: first.keys === second.keys ? first.keys : "mixed",
  inputs: 2,
  build: (rdd, other, { gc }) => gc.union([rdd, other, rdd]),
});

const mapReduce: Operation = (random, { rows, keys }) => {
  if (keys === "mixed") return undefined;
  const reducers = partitionsOf(random);
  const combines = random.nextInt(2) === 0;
  return {
    description: `mapReduce(sum, { reducers: ${reducers}, combiner: ${combines} })`,
    rows: grouped(rows)
      .map(([key, values]): Row => [key, sumOf(values)])
      .toSorted(([a], [b]) => compare(a, b)),
    order: "key",
    build(rdd, _, { gc }) {
      const total = (key: Row[0], values: Iterable<number>): Row[] => {
        let sum = 0;
        for (const value of values) sum += value;
        return [[key, sum]];
      };
      const combiner = combines ? total : undefined;
      return gc.mapReduce({ input: rdd, mapper: (row) => [row], combiner, reducer: total, reducers });
    },
  };
};

const fixSkew: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  const sample = random.nextInt(2) === 0 ? 1 : 0.1;
  return {
    description: `reduceByKey(sum, fixSkew({ partitions: ${partitions}, sample: ${sample} }))`,
    rows: grouped(rows).map(([key, values]) => [key, sumOf(values)]),
    build: async (rdd) => rdd.reduceByKey((a, b) => a + b, await rdd.fixSkew({ partitions, sample })),
  };
};

/** More operations that bring equal rows or keys together. */
export const groupOperations: readonly Operation[] = [
  uniq,
  foldByKey,
  groupWith,
  cogroupOfFour,
  unionOfSeveral,
  mapReduce,
  fixSkew,
];
