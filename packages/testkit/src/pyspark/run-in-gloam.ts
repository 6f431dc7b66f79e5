import { GloamError, type Rdd } from "gloam";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Place } from "../pipelines/place.ts";
import { binary, predicate, unary, type Call } from "./calls.ts";
import { gloamActions } from "./gloam-actions.ts";
import { gloamOperations, type Run } from "./gloam-operations.ts";
import type { Action, SharedPipeline, Step } from "./pipeline.ts";
import type { Value } from "./shapes.ts";

type Pair = readonly [Value, Value];
type Elements = Rdd<Value>;
type Pairs = Rdd<Pair>;

/** What an action gives: a value, or that there was nothing. */
export type Outcome = { readonly value: Value } | { readonly empty: true };

/** Runs the pipeline, and gives what its actions give. */
export async function runInGloam(place: Place, { steps, actions }: SharedPipeline): Promise<Outcome[]> {
  const made: Elements[] = [];
  for (const step of steps) made.push(await operations[step.op]!(step, step.inputs.map((input) => made[input]!), place)); // prettier-ignore
  const outcomes: Outcome[] = [];
  for (const action of actions) {
    try {
      outcomes.push({ value: plain(await actionsByName[action.op]!(made.at(-1)!, action, place)) });
    } catch (error) {
      if (!(error instanceof GloamError && error.code === "GLOAM_RDD_EMPTY")) throw error;
      outcomes.push({ empty: true });
    }
  }
  return outcomes;
}

const onElements =
  (run: (rdd: Elements, step: Step) => Rdd<unknown>): Run =>
  (step, [rdd]) =>
    run(rdd!, step) as Elements;

const onPairs =
  (run: (rdd: Pairs, step: Step) => Rdd<unknown>): Run =>
  (step, [rdd]) =>
    run(rdd as unknown as Pairs, step) as Elements;

const onSeveral =
  (run: (rdds: readonly Pairs[], step: Step) => Rdd<unknown>): Run =>
  (step, rdds) =>
    run(rdds as unknown as readonly Pairs[], step) as Elements;

/** What is missing is undefined here and None there, as null is. */
const filled = ([left, right]: readonly [Value | undefined, Value | undefined]): Value => [left ?? null, right ?? null];

type Sum = [number, number];
const sumOf =
  (call: Call) =>
  ([sum, count]: Sum, value: Value): Sum => [sum + (unary(call)(value) as number), count + 1];
const addSums = ([a, m]: Sum, [b, n]: Sum): Sum => [a + b, m + n];

const operations: Readonly<Record<string, Run>> = {
  ...gloamOperations,
  source: ({ rows, partitions }, _, { gc }) => gc.parallelize(rows as Value[], partitions),
  map: onElements((rdd, { call }) => rdd.map(unary(call!))),
  filter: onElements((rdd, { call }) => rdd.filter(predicate(call!))),
  flatMap: onElements((rdd, { call }) => rdd.flatMap(unary(call!) as (value: Value) => Value[])),
  mapValues: onPairs((rdd, { call }) => rdd.mapValues(unary(call!))),
  flatMapValues: onPairs((rdd, { call }) => rdd.flatMapValues(unary(call!) as (value: Value) => Value[])),
  keys: onPairs((rdd) => rdd.keys()),
  values: onPairs((rdd) => rdd.values()),
  keyBy: onElements((rdd, { call }) => rdd.keyBy(unary(call!))),
  union: (_, [first, second]) => first!.union(second!),
  coalesce: onElements((rdd, { partitions }) => rdd.coalesce(partitions!)),
  zipWithIndex: onElements((rdd) => rdd.zipWithIndex()),
  glom: onElements((rdd, { finish }) => (finish === undefined ? rdd.glom() : rdd.glom().map(unary(finish)))),
  countPartitions: onElements((rdd) => rdd.mapPartitions((elements) => [[...elements].length])),
  countPartitionsWithIndex: onElements((rdd) =>
    rdd.mapPartitionsWithIndex((index, elements) => [[index, [...elements].length]]),
  ),
  repartition: onElements((rdd, { partitions }) => rdd.repartition(partitions!)),
  distinct: onElements((rdd, { partitions }) => rdd.distinct(partitions)),
  partitionBy: onPairs((rdd, { partitions }) => {
    const count = partitions!;
    return rdd.partitionBy({ partitions: count, partition: (key) => (((key as number) % count) + count) % count });
  }),
  groupByKey: onPairs((rdd, { partitions, finish }) => rdd.groupByKey(partitions).mapValues(unary(finish!))),
  groupBy: onElements((rdd, { call, partitions, finish }) =>
    rdd.groupBy(unary(call!), partitions).mapValues(unary(finish!)),
  ),
  reduceByKey: onPairs((rdd, { call, partitions }) => rdd.reduceByKey(binary(call!), partitions)),
  foldByKey: onPairs((rdd, { call, partitions }) => rdd.foldByKey(0, binary(call!), partitions)),
  aggregateByKey: onPairs((rdd, { call, partitions }) =>
    rdd.aggregateByKey([0, 0] as Sum, sumOf(call!), addSums, partitions),
  ),
  aggregateByKeyCounts: onPairs((rdd, { partitions }) =>
    rdd.aggregateByKey(
      0,
      (count) => count + 1,
      (a, b) => a + b,
      partitions,
    ),
  ),
  combineByKey: onPairs((rdd, { partitions, finish }) =>
    rdd
      .combineByKey(
        (value) => [value],
        (list: Value[], value) => [...list, value],
        (a, b) => [...a, ...b],
        { partitions },
      )
      .mapValues(unary(finish!)),
  ),
  sortBy: onElements((rdd, { call, ascending, partitions }) => rdd.sortBy(unary(call!), { ascending, partitions })),
  sortByKey: onPairs((rdd, { ascending, partitions }) => rdd.sortByKey({ ascending, partitions })),
  join: onSeveral(([left, right], { partitions }) => left!.join(right!, partitions)),
  leftOuterJoin: onSeveral(([left, right], { partitions }) =>
    left!.leftOuterJoin(right!, partitions).mapValues(filled),
  ),
  rightOuterJoin: onSeveral(([left, right], { partitions }) =>
    left!.rightOuterJoin(right!, partitions).mapValues(filled),
  ),
  fullOuterJoin: onSeveral(([left, right], { partitions }) =>
    left!.fullOuterJoin(right!, partitions).mapValues(filled),
  ),
  cogroup: onSeveral(([first, second, third], { partitions, finish }) =>
    third === undefined
      ? first!.cogroup(second!, partitions).mapValues(unary(finish!))
      : first!.cogroup(second!, third, partitions).mapValues(unary(finish!)),
  ),
};

const actionsByName: Readonly<Record<string, (rdd: Elements, action: Action, place: Place) => Promise<unknown>>> = {
  ...gloamActions,
  collect: (rdd) => rdd.collect(),
  toLocalIterator: async (rdd) => {
    const elements: Value[] = [];
    for await (const element of rdd) elements.push(element);
    return elements;
  },
  count: (rdd) => rdd.count(),
  isEmpty: async (rdd) => Number(await rdd.isEmpty()),
  getNumPartitions: (rdd) => rdd.getNumPartitions(),
  take: (rdd, { count }) => rdd.take(count!),
  first: (rdd) => rdd.first(),
  top: (rdd, { count }) => rdd.top(count!),
  takeOrdered: (rdd, { count }) => rdd.takeOrdered(count!),
  countByKey: async (rdd) => [...(await (rdd as unknown as Pairs).countByKey())],
  sum: (rdd) => (rdd as unknown as Rdd<number>).sum(),
  reduce: (rdd, { call }) => rdd.reduce(binary(call!)),
  fold: (rdd, { call, zero }) => rdd.fold(zero as never, binary(call!)),
  aggregate: (rdd, { call, zero }) => rdd.aggregate(zero as unknown as Sum, sumOf(call!), addSums),
  saveAsTextFile: async (rdd) => {
    const directory = await mkdtemp(join(tmpdir(), "gloam-pyspark-"));
    try {
      const output = join(directory, "output");
      await rdd.saveAsTextFile(output);
      const parts = (await readdir(output)).filter((name) => name.startsWith("part-")).sort();
      return (await Promise.all(parts.map((name) => readFile(join(output, name), "utf8")))).join("");
    } finally {
      await rm(directory, { recursive: true });
    }
  },
};

/** Arrays, numbers, texts and null are all that is left; nothing else is expected. */
function plain(value: unknown): Value {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value === "number" || typeof value === "string") return value;
  throw new TypeError(`no value of a pipeline: ${JSON.stringify(value)}`);
}
