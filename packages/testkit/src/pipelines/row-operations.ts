import type { Operation } from "./operation.ts";
import { partitionsOf } from "./operation.ts";
import type { Row } from "./rows.ts";

const map: Operation = (random, { rows }) => {
  const modulus = 1 + random.nextInt(30);
  const rekeyed = ([, value]: Row): Row => [Math.floor(Math.abs(value)) % modulus, value];
  return {
    description: `map to integer keys below ${modulus}`,
    rows: rows.map(rekeyed),
    keys: "integer",
    build: (rdd) => rdd.map(rekeyed),
  };
};

const mapToStrings: Operation = (random, { rows }) => {
  const modulus = 1 + random.nextInt(30);
  const rekeyed = ([, value]: Row): Row => [`key ${Math.floor(Math.abs(value)) % modulus}`, value];
  return {
    description: `map to ${modulus} string keys`,
    rows: rows.map(rekeyed),
    keys: "string",
    build: (rdd) => rdd.map(rekeyed),
  };
};

const mapValues: Operation = (random, { rows, order }) => {
  const factor = random.nextInt(7) - 3;
  const shift = random.nextInt(100);
  const changed = (value: number): number => (value * factor + shift) % 1024;
  return {
    description: `mapValues((value) => (value * ${factor} + ${shift}) % 1024)`,
    rows: rows.map(([key, value]) => [key, changed(value)]),
    order: order === "key" ? "key" : undefined,
    build: (rdd) => rdd.mapValues(changed),
  };
};

const mapAsync: Operation = (_, { rows, order }) => ({
  description: "mapAsync((row) => [key, -value])",
  rows: rows.map(([key, value]) => [key, -value]),
  order: order === "key" ? "key" : undefined,
  build: (rdd) => rdd.mapAsync(async ([key, value]): Promise<Row> => Promise.resolve([key, -value])),
});

const filter: Operation = (random, { rows, order }) => {
  const modulus = 2 + random.nextInt(4);
  const kept = ([, value]: Row): boolean => Math.floor(value) % modulus !== 0;
  return {
    description: `filter(values not divisible by ${modulus})`,
    rows: rows.filter(kept),
    order,
    build: (rdd) => rdd.filter(kept),
  };
};

const flatMap: Operation = (random, { rows, order }) => {
  const most = 1 + random.nextInt(4);
  const repeated = (row: Row): Row[] => Array.from({ length: Math.abs(Math.floor(row[1])) % most }, () => row);
  return {
    description: `flatMap(each row fewer than ${most} times)`,
    rows: rows.flatMap(repeated),
    order,
    build: (rdd) => rdd.flatMap(repeated),
  };
};

const flatMapValues: Operation = (_, { rows, order }) => ({
  description: "flatMapValues((value) => [value, value / 2])",
  rows: rows.flatMap(([key, value]): Row[] => [
    [key, value],
    [key, value / 2],
  ]),
  order: order === "key" ? "key" : undefined,
  build: (rdd) => rdd.flatMapValues((value) => [value, value / 2]),
});

const mapPartitions: Operation = (_, { rows, order }) => ({
  description: "mapPartitions(a generator that skips every negative value)",
  rows: rows.filter(([, value]) => value >= 0),
  order,
  build: (rdd) =>
    rdd.mapPartitions(function* (partition) {
      for (const row of partition) if (row[1] >= 0) yield row;
    }),
});

const glom: Operation = (_, { rows, order }) => ({
  description: "glom().flatMap((rows) => rows)",
  rows,
  order,
  build: (rdd) => rdd.glom().flatMap((partition) => partition),
});

const keyBy: Operation = (random, { rows }) => {
  const modulus = 1 + random.nextInt(10);
  const keyOf = (value: number): number => Math.floor(value) % modulus;
  return {
    description: `values().keyBy((value) => Math.floor(value) % ${modulus})`,
    rows: rows.map(([, value]) => [keyOf(value), value]),
    keys: "integer",
    build: (rdd) => rdd.values().keyBy(keyOf),
  };
};

const coalesce: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  return { description: `coalesce(${partitions})`, rows, build: (rdd) => rdd.coalesce(partitions) };
};

const cache: Operation = (_, { rows, order }) => ({
  description: "cache()",
  rows,
  order,
  // What an earlier step keeps at another level cannot be kept at this one.
  build: (rdd) => (rdd.getStorageLevel() === "NONE" ? rdd.cache() : rdd),
});

const union: Operation = (_, first, second) => ({
  description: "union",
  rows: [...first.rows, ...second.rows],
  keys: first.keys === second.keys ? first.keys : "mixed",
  inputs: 2,
  build: (left, right) => left.union(right),
});

/** Operations that need no exchange. */
export const rowOperations: readonly Operation[] = [
  map,
  mapToStrings,
  mapValues,
  mapAsync,
  filter,
  flatMap,
  flatMapValues,
  mapPartitions,
  glom,
  keyBy,
  coalesce,
  cache,
  union,
];
