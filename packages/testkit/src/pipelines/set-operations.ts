import { partitionsOf, type Operation } from "./operation.ts";
import { cogrouped, compare, grouped, nameOf, sumOf, type Row } from "./rows.ts";

/** More rows of a product are too many for the steps that follow. */
const mostFactorRows = 30;

const subtract: Operation = (random, first, second) => {
  const partitions = partitionsOf(random);
  const names = new Set(second.rows.map(nameOf));
  return {
    description: `subtract(${partitions})`,
    rows: first.rows.filter((row) => !names.has(nameOf(row))),
    inputs: 2,
    build: (rdd, other) => rdd.subtract(other, partitions),
  };
};

const intersection: Operation = (random, first, second) => {
  const partitions = partitionsOf(random);
  const names = new Set(second.rows.map(nameOf));
  const distinct = new Map(first.rows.map((row) => [nameOf(row), row]));
  return {
    description: `intersection(${partitions})`,
    rows: [...distinct.values()].filter((row) => names.has(nameOf(row))),
    inputs: 2,
    build: (rdd, other) => rdd.intersection(other, partitions),
  };
};

const subtractByKey: Operation = (random, first, second) => {
  const partitions = partitionsOf(random);
  const names = new Set(second.rows.map(([key]) => nameOf(key)));
  return {
    description: `subtractByKey(${partitions})`,
    rows: first.rows.filter(([key]) => !names.has(nameOf(key))),
    inputs: 2,
    build: (rdd, other) => rdd.subtractByKey(other, partitions),
  };
};

const innerJoin: Operation = (_random, first, second) => ({
  description: "innerJoin()",
  rows: cogrouped(first.rows, second.rows).flatMap(([key, lefts, rights]) =>
    lefts.flatMap((left) => rights.map((right): Row => [key, (left * 2 + right) % 1024])),
  ),
  inputs: 2,
  build: (rdd, other) => rdd.innerJoin(other).mapValues(([left, right]) => (left * 2 + right) % 1024),
});

const update: Operation = (random, first, second) => {
  const partitions = partitionsOf(random);
  const replaceOnly = random.nextInt(2) === 0;
  return {
    description: `sums by key, update(sums by key, { replaceOnly: ${replaceOnly}, partitions: ${partitions} })`,
    rows: cogrouped(first.rows, second.rows).flatMap(([key, lefts, rights]): Row[] =>
      replaceOnly && lefts.length === 0 ? [] : [[key, sumOf(rights.length > 0 ? rights : lefts)]],
    ),
    keys: first.keys === second.keys ? first.keys : "mixed",
    inputs: 2,
    build(rdd, other) {
      const options = { replaceOnly, partitions };
      return rdd.reduceByKey((a, b) => a + b).update(other.reduceByKey((a, b) => a + b), options); // prettier-ignore
    },
  };
};

const topByKey: Operation = (random, { rows }) => {
  const n = 1 + random.nextInt(4);
  const partitions = partitionsOf(random);
  return {
    description: `topByKey(${n}, undefined, ${partitions}).flatMapValues()`,
    rows: grouped(rows).flatMap(
      ([key, values]) =>
      values.toSorted((a, b) => compare(b, a)).slice(0, n).map((value): Row => [key, value]), // prettier-ignore
    ),
    build: (rdd) => rdd.topByKey(n, undefined, partitions).flatMapValues((values) => values),
  };
};

const filterByRange: Operation = (random, { rows, keys }) => {
  if (keys === "mixed" || rows.length === 0) return undefined;
  const [lower, upper] = [0, 0].map(() => rows[random.nextInt(rows.length)]![0]).toSorted(compare);
  const partitions = partitionsOf(random);
  return {
    description: `sortByKey(${partitions}).filterByRange(${nameOf(lower)}, ${nameOf(upper)})`,
    rows: rows
      .filter(([key]) => compare(key, lower) >= 0 && compare(key, upper) <= 0)
      .toSorted(([a], [b]) => compare(a, b)),
    order: "key",
    build: (rdd) => rdd.sortByKey({ partitions }).filterByRange(lower!, upper!),
  };
};

const sortWithin: Operation = (random, { rows, keys }) => {
  if (keys === "mixed") return undefined;
  const partitions = partitionsOf(random);
  return {
    description: `repartitionAndSortWithinPartitions(${partitions})`,
    rows,
    build: (rdd) => rdd.repartitionAndSortWithinPartitions(partitions),
  };
};

const zip: Operation = (_random, { rows, order }) => ({
  description: "zip with itself, doubled",
  rows: rows.map(([key, value]) => [key, (value * 3) % 1024]),
  order: order === "key" ? "key" : undefined,
  build: (rdd) =>
    rdd.zip(rdd.mapValues((value) => value * 2)).map(([[key, value], [, twice]]): Row => [key, (value + twice) % 1024]),
});

const cartesian: Operation = (_random, first, second) => {
  if (first.rows.length > mostFactorRows || second.rows.length > mostFactorRows) return undefined;
  return {
    description: "cartesian()",
    rows: first.rows.flatMap(([key, left]) => second.rows.map(([, right]): Row => [key, (left + right) % 1024])),
    inputs: 2,
    build: (rdd, other) => rdd.cartesian(other).map(([[key, left], [, right]]): Row => [key, (left + right) % 1024]),
  };
};

const randomSplit: Operation = (random, { rows }) => {
  const seed = random.nextInt(1000);
  return {
    description: `randomSplit([1, 2], ${seed}), put together again`,
    rows,
    build(rdd) {
      const [small, large] = rdd.randomSplit([1, 2], seed);
      return large.union(small);
    },
  };
};

const cuts: Operation = (random, { rows, order }) => {
  const size = 1 + random.nextInt(4);
  return {
    description: `slices put together, mergeSplit(${size}), batch(${size}) undone`,
    rows,
    order,
    build: (rdd) =>
      rdd.slice(0, 1).union(rdd.slice(1)).mergeSplit({ splitSize: size }).batch(size).flatMap((batch) => batch), // prettier-ignore
  };
};

/** Operations on two datasets as sets, by ranges and parts. */
export const setOperations: readonly Operation[] = [
  subtract,
  intersection,
  subtractByKey,
  innerJoin,
  update,
  topByKey,
  filterByRange,
  sortWithin,
  zip,
  cartesian,
  randomSplit,
  cuts,
];
