import type { Operation } from "./narrow-operations.ts";
import type { Dataset, Made, Step } from "./pipeline.ts";
import { depthOf, isKey, isPair, isSame, type Shape } from "./shapes.ts";
import { ordered } from "./typed-calls.ts";

/** Elements that are promised, and neither their order nor where they lie. */
function scattered(step: Omit<Step, "inputs">, shape: Shape, most: number): Made {
  const { partitions } = step;
  return { step, dataset: { shape, order: "none", laidOut: false, exchanged: true, partitions, most } };
}

/** An operation on two datasets of one shape whose elements can be keys. */
function onAlike(make: (partitions: number, first: Dataset, second: Dataset) => Made): Operation {
  return {
    inputs: 2,
    make: (random, first, second) =>
      isSame(first.shape, second.shape) && isKey(first.shape) ? make(1 + random.nextInt(3), first, second) : undefined,
  };
}

const subtract = onAlike((partitions, { shape, most }) => scattered({ op: "subtract", partitions }, shape, most));

// PySpark's takes no number of partitions.
const intersection = onAlike((_, { shape, most }) => scattered({ op: "intersection" }, shape, most));

const subtractByKey: Operation = {
  inputs: 2,
  make(random, { shape, most }, { shape: other }) {
    if (!isPair(shape) || !isPair(other) || !isSame(shape.key, other.key) || !isKey(shape.key)) return undefined;
    return scattered({ op: "subtractByKey", partitions: 1 + random.nextInt(3) }, shape, most);
  },
};

const cartesian: Operation = {
  inputs: 2,
  make(_, first, second) {
    if (depthOf(first.shape) > 1 || depthOf(second.shape) > 1) return undefined;
    const shape = { key: first.shape, value: second.shape };
    return scattered({ op: "cartesian" }, shape, first.most * second.most);
  },
};

const groupWith: Operation = {
  inputs: 2,
  make(_, { shape: left, most }, { shape: right, most: others }) {
    if (!isPair(left) || !isPair(right) || !isSame(left, right) || !isKey(left.key)) return undefined;
    if (depthOf(left.value) > 0) return undefined;
    const { call, to } = ordered(left.value);
    const step = { op: "groupWith", finish: { name: "each", of: [call] } };
    return scattered(step, { key: left.key, value: { list: to } }, most + others);
  },
};

const unionOfSeveral: Operation = {
  inputs: 2,
  make: (_, first, second) =>
    isSame(first.shape, second.shape)
      ? scattered({ op: "unionOfSeveral" }, first.shape, 2 * first.most + second.most)
      : undefined,
};

/** Operations on datasets as sets, and on several at once. */
export const setOperations: readonly Operation[] = [
  subtract,
  intersection,
  subtractByKey,
  cartesian,
  groupWith,
  unionOfSeveral,
];
