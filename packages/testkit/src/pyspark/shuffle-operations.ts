import type { Random } from "@gloam/common";
import type { Operation } from "./narrow-operations.ts";
import type { Dataset, Made, Step } from "./pipeline.ts";
import { chosen, depthOf, isKey, isOrdered, isPair, isSame, type PairShape, type Shape } from "./shapes.ts";
import { ordered, randomAddition, randomUnary } from "./typed-calls.ts";

const partitionsOf = (random: Random): number => 1 + random.nextInt(3);

/** What an exchange makes: its elements are promised, and neither their order nor where they lie. */
function exchanged(step: Omit<Step, "inputs">, shape: Shape, most: number): Made {
  return {
    step,
    dataset: { shape, order: "none", laidOut: false, exchanged: true, partitions: step.partitions, most },
  };
}

/** An operation on pairs whose keys can be keys. */
function onPairs(make: (random: Random, shape: PairShape, input: Dataset) => Made | undefined): Operation {
  return {
    inputs: 1,
    make: (random, input) =>
      isPair(input.shape) && isKey(input.shape.key) ? make(random, input.shape, input) : undefined,
  };
}

const repartition: Operation = {
  inputs: 1,
  make: (random, { shape, most }) => exchanged({ op: "repartition", partitions: partitionsOf(random) }, shape, most),
};

const distinct: Operation = {
  inputs: 1,
  make(random, { shape, most }) {
    return isKey(shape) ? exchanged({ op: "distinct", partitions: partitionsOf(random) }, shape, most) : undefined;
  },
};

const partitionBy: Operation = onPairs((random, shape, input) => {
  if (shape.key !== "int") return undefined;
  const partitions = partitionsOf(random);
  const made = exchanged({ op: "partitionBy", partitions }, shape, input.most);
  // Which key lies where is the function's word, in both.
  return { ...made, dataset: { ...made.dataset, laidOut: true } };
});

const groupByKey: Operation = onPairs((random, { key, value }, { most }) => {
  const { call, to } = ordered(value);
  if (depthOf(value) > 1) return undefined;
  return exchanged({ op: "groupByKey", partitions: partitionsOf(random), finish: call }, { key, value: to }, most);
});

const groupBy: Operation = {
  inputs: 1,
  make(random, { shape, most }) {
    const { call, to } = randomUnary(random, shape);
    if (!isKey(to) || depthOf(shape) > 1) return undefined;
    const group = ordered(shape);
    const step = { op: "groupBy", partitions: partitionsOf(random), call, finish: group.call };
    return exchanged(step, { key: to, value: group.to }, most);
  },
};

/** Operations by key that add values, by turns. */
const addByKey: Operation = onPairs((random, { key, value }, { most }) => {
  const partitions = partitionsOf(random);
  const summed = value === "int" || value === "eighth";
  const op = chosen(random, ["reduceByKey", ...(summed ? ["foldByKey"] : []), "aggregateByKey", "combineByKey"]);
  if (op === "combineByKey") {
    if (depthOf(value) > 1) return undefined;
    // Lists, which are put in order at the end.
    const { call, to } = ordered(value);
    return exchanged({ op, partitions, finish: call }, { key, value: to }, most);
  }
  if (op === "aggregateByKey") {
    // The sum of a number of each value, and how many there were.
    const number = { name: summed ? "modulo" : "same", by: 64 };
    const step = { op: summed ? op : "aggregateByKeyCounts", partitions, call: number };
    return exchanged(step, { key, value: summed ? { key: value, value: "int" } : "int" }, most);
  }
  // A zero that changes nothing is there for sums alone.
  const sum = { call: { name: "sumModulo", by: 512 }, to: value };
  const addition = op === "foldByKey" ? sum : randomAddition(random, value);
  return addition && exchanged({ op, partitions, call: addition.call }, { key, value: addition.to }, most);
});

const sortBy: Operation = {
  inputs: 1,
  make(random, input) {
    if (!isOrdered(input.shape)) return undefined;
    const ascending = random.nextInt(2) === 0;
    const step = { op: "sortBy", partitions: partitionsOf(random), ascending, call: { name: "same" } };
    // Elements that compare equal are the same, so that their order shows nowhere. Empty ones keep their partitions in Spark.
    return { step, dataset: { ...input, order: "exact", laidOut: false, exchanged: true, partitions: undefined } };
  },
};

const sortByKey: Operation = {
  inputs: 1,
  make(random, input) {
    if (!isPair(input.shape) || !isOrdered(input.shape.key)) return undefined;
    const step = { op: "sortByKey", partitions: partitionsOf(random), ascending: random.nextInt(2) === 0 };
    return { step, dataset: { ...input, order: "key", laidOut: false, exchanged: true, partitions: undefined } };
  },
};

const joins: Operation = {
  inputs: 2,
  make(random, { shape: left, most }, { shape: right, most: others }) {
    if (!isPair(left) || !isPair(right) || !isSame(left.key, right.key) || !isKey(left.key)) return undefined;
    if (depthOf(left.value) > 1 || depthOf(right.value) > 1) return undefined;
    const op = chosen(random, ["join", "leftOuterJoin", "rightOuterJoin", "fullOuterJoin"]);
    const side = (shape: Shape, isAlways: boolean): Shape => (isAlways ? shape : { maybe: shape });
    const value = {
      key: side(left.value, op === "join" || op === "leftOuterJoin"),
      value: side(right.value, op === "join" || op === "rightOuterJoin"),
    };
    const step = { op, partitions: partitionsOf(random) };
    return exchanged(step, { key: left.key, value }, Math.max(most * others, most + others));
  },
};

const cogroup: Operation = {
  inputs: 2,
  make(random, { shape: left, most }, { shape: right, most: others }) {
    if (!isPair(left) || !isPair(right) || !isSame(left.key, right.key) || !isKey(left.key)) return undefined;
    if (depthOf(left.value) > 0 || !isSame(left.value, right.value)) return undefined;
    const { call, to } = ordered(left.value);
    const step = { op: "cogroup", partitions: partitionsOf(random), finish: { name: "each", of: [call] } };
    return exchanged(step, { key: left.key, value: { list: to } }, most + others);
  },
};

const cogroupOfThree: Operation = {
  inputs: 3,
  make(random, first, second, third) {
    const two = cogroup.make(random, first, second, third);
    if (two === undefined || !isSame(first.shape, third.shape)) return undefined;
    // Where PySpark takes several others, it takes no number of partitions.
    return { step: two.step, dataset: { ...two.dataset, partitions: undefined, most: two.dataset.most + third.most } };
  },
};

/** Operations that exchange elements between partitions. */
export const shuffleOperations: readonly Operation[] = [
  repartition,
  distinct,
  partitionBy,
  partitionBy,
  partitionBy,
  groupByKey,
  groupBy,
  addByKey,
  addByKey,
  addByKey,
  sortBy,
  sortByKey,
  joins,
  joins,
  joins,
  cogroup,
  cogroupOfThree,
];
