import { partitionsOf, type Operation } from "./operation.ts";
import { cogrouped, compare, grouped, nameOf, sumOf, type Row } from "./rows.ts";

const repartition: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  return { description: `repartition(${partitions})`, rows, build: (rdd) => rdd.repartition(partitions) };
};

const partitionBy: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  return { description: `partitionBy(${partitions})`, rows, build: (rdd) => rdd.partitionBy(partitions) };
};

const distinct: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  return {
    description: `distinct(${partitions})`,
    rows: [...new Map(rows.map((row) => [nameOf(row), row])).values()],
    build: (rdd) => rdd.distinct(partitions),
  };
};

const reduceByKey: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  return {
    description: `reduceByKey(sum, ${partitions})`,
    rows: grouped(rows).map(([key, values]) => [key, sumOf(values)]),
    build: (rdd) => rdd.reduceByKey((a, b) => a + b, partitions),
  };
};

const largestByKey: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  return {
    description: `reduceByKey(Math.max, ${partitions})`,
    rows: grouped(rows).map(([key, values]) => [key, Math.max(...values)]),
    build: (rdd) => rdd.reduceByKey((a, b) => Math.max(a, b), partitions),
  };
};

const aggregateByKey: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  return {
    description: `aggregateByKey(count, ${partitions})`,
    rows: grouped(rows).map(([key, values]) => [key, values.length]),
    build: (rdd) =>
      rdd.aggregateByKey(
        0,
        (count) => count + 1,
        (a, b) => a + b,
        partitions,
      ),
  };
};

const combineByKey: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  const mapSideCombine = random.nextInt(2) === 0;
  return {
    description: `combineByKey(lists, { partitions: ${partitions}, mapSideCombine: ${mapSideCombine} }).mapValues(mean)`,
    rows: grouped(rows).map(([key, values]) => [key, Math.floor(sumOf(values) / values.length)]),
    build: (rdd) =>
      rdd
        .combineByKey(
          (value) => [value],
          (list: number[], value) => [...list, value],
          (a, b) => [...a, ...b],
          { partitions, mapSideCombine },
        )
        .mapValues((list) => Math.floor(list.reduce((sum, value) => sum + value, 0) / list.length)),
  };
};

const groupByKey: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  return {
    description: `groupByKey(${partitions}).flatMapValues((values) => [sum, length])`,
    rows: grouped(rows).flatMap(([key, values]): Row[] => [
      [key, sumOf(values)],
      [key, values.length],
    ]),
    build: (rdd) =>
      rdd
        .groupByKey(partitions)
        .flatMapValues((values) => [values.reduce((sum, value) => sum + value, 0), values.length]),
  };
};

const groupBy: Operation = (random, { rows }) => {
  const modulus = 1 + random.nextInt(12);
  const partitions = partitionsOf(random);
  const groupOf = ([, value]: Row): number => Math.abs(Math.floor(value)) % modulus;
  return {
    description: `groupBy(value % ${modulus}, ${partitions}).mapValues(sum)`,
    rows: grouped(rows.map((row) => [groupOf(row), row[1]] as const)).map(([key, values]) => [key, sumOf(values)]),
    keys: "integer",
    build: (rdd) =>
      rdd.groupBy(groupOf, partitions).mapValues((members) => members.reduce((sum, [, value]) => sum + value, 0)),
  };
};

const sortByKey: Operation = (random, { rows, keys }) => {
  if (keys === "mixed") return undefined;
  const partitions = partitionsOf(random);
  return {
    description: `sortByKey(${partitions})`,
    rows: rows.toSorted(([a], [b]) => compare(a, b)),
    order: "key",
    build: (rdd) => rdd.sortByKey({ partitions }),
  };
};

const sortDescending: Operation = (random, { rows, keys }) => {
  if (keys === "mixed") return undefined;
  const partitions = partitionsOf(random);
  return {
    description: `sortByKey(descending, ${partitions})`,
    rows: rows.toSorted(([a], [b]) => compare(b, a)),
    order: "key",
    build: (rdd) => rdd.sortByKey({ ascending: false, partitions }),
  };
};

const sortBy: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  return {
    description: `sortBy(value, ${partitions})`,
    rows: rows.toSorted(([, a], [, b]) => compare(a, b)),
    order: "value",
    build: (rdd) => rdd.sortBy(([, value]) => value, { partitions }),
  };
};

const rank: Operation = (random, { rows }) => {
  const partitions = partitionsOf(random);
  const values = grouped(rows.map(([, value]) => [value, value] as const)).map(([value]) => value);
  return {
    description: `values().distinct(${partitions}).sortBy(value).zipWithIndex()`,
    rows: values.toSorted(compare).map((value, index) => [value, index]),
    keys: "float",
    order: "key",
    build: (rdd) =>
      rdd
        .values()
        .distinct(partitions)
        .sortBy((value) => value, { partitions })
        .zipWithIndex(),
  };
};

const join: Operation = (random, first, second) => {
  const partitions = partitionsOf(random);
  return {
    description: `join(${partitions})`,
    rows: cogrouped(first.rows, second.rows).flatMap(([key, lefts, rights]) =>
      lefts.flatMap((left) => rights.map((right): Row => [key, (left + right * 2) % 1024])),
    ),
    inputs: 2,
    build: (rdd, other) => rdd.join(other, partitions).mapValues(([left, right]) => (left + right * 2) % 1024),
  };
};

type OuterJoin = "leftOuterJoin" | "rightOuterJoin" | "fullOuterJoin";

const outerJoin =
  (name: OuterJoin): Operation =>
  (random, first, second) => {
    const partitions = partitionsOf(random);
    const orNone = (values: number[], other: boolean): (number | undefined)[] =>
      values.length === 0 && other ? [undefined] : values;
    return {
      description: `${name}(${partitions})`,
      rows: cogrouped(first.rows, second.rows).flatMap(([key, lefts, rights]) =>
        orNone(lefts, name !== "leftOuterJoin").flatMap((left) =>
          orNone(rights, name !== "rightOuterJoin").map((right): Row => [key, ((left ?? 7) + (right ?? 9) * 2) % 1024]),
        ),
      ),
      keys: first.keys === second.keys ? first.keys : "mixed",
      inputs: 2,
      build: (rdd, other) => {
        const combined = ([left, right]: readonly [number | undefined, number | undefined]): number =>
          ((left ?? 7) + (right ?? 9) * 2) % 1024;
        if (name === "leftOuterJoin") return rdd.leftOuterJoin(other, partitions).mapValues(combined);
        if (name === "rightOuterJoin") return rdd.rightOuterJoin(other, partitions).mapValues(combined);
        return rdd.fullOuterJoin(other, partitions).mapValues(combined);
      },
    };
  };

const cogroup: Operation = (random, first, second) => {
  const partitions = partitionsOf(random);
  return {
    description: `cogroup(${partitions})`,
    rows: cogrouped(first.rows, second.rows).map(([key, lefts, rights]) => [key, sumOf(lefts) - sumOf(rights)]),
    keys: first.keys === second.keys ? first.keys : "mixed",
    inputs: 2,
    build: (rdd, other) => {
      const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
      return rdd.cogroup(other, partitions).mapValues(([lefts, rights]) => sum(lefts) - sum(rights));
    },
  };
};

/** Operations that exchange rows between partitions. */
export const shuffleOperations: readonly Operation[] = [
  repartition,
  partitionBy,
  distinct,
  reduceByKey,
  largestByKey,
  aggregateByKey,
  combineByKey,
  groupByKey,
  groupBy,
  sortByKey,
  sortDescending,
  sortBy,
  rank,
  join,
  outerJoin("leftOuterJoin"),
  outerJoin("rightOuterJoin"),
  outerJoin("fullOuterJoin"),
  cogroup,
];
