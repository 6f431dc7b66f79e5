import type { Operation } from "./narrow-operations.ts";
import { depthOf, isKey, isPair, type Shape } from "./shapes.ts";
import type { Dataset, Made, Step } from "./pipeline.ts";
import { chosen } from "./shapes.ts";
import { randomUnary } from "./typed-calls.ts";

type Unmade = Omit<Step, "inputs">;

const scattered = (step: Unmade, { shape, most }: Dataset): Made => ({
  step,
  dataset: { shape, order: "none", laidOut: false, exchanged: true, partitions: step.partitions, most },
});

/** An operation after which elements are the same and where they were, for those of some shapes. */
function unchanged(fits: (shape: Shape) => boolean, stepOf: () => Unmade): Operation {
  return { inputs: 1, make: (_, dataset) => (fits(dataset.shape) ? { step: stepOf(), dataset } : undefined) };
}

const isAny = (): boolean => true;
const isText = (shape: Shape): boolean => shape === "text";

const zip: Operation = {
  inputs: 1,
  make(random, input) {
    const { call, to } = randomUnary(random, input.shape);
    if (depthOf(input.shape) > 1 || depthOf(to) > 1) return undefined;
    const order = input.order === "exact" ? "exact" : "none";
    return { step: { op: "zip", call }, dataset: { ...input, shape: { key: input.shape, value: to }, order } };
  },
};

const zipWithUniqueId: Operation = {
  inputs: 1,
  make(_, input) {
    if (input.order !== "exact" || !input.laidOut || depthOf(input.shape) > 1) return undefined;
    return { step: { op: "zipWithUniqueId" }, dataset: { ...input, shape: { key: input.shape, value: "int" } } };
  },
};

const persist: Operation = {
  inputs: 1,
  make(random, dataset) {
    const level = chosen(random, ["MEMORY_ONLY", "MEMORY_AND_DISK", "DISK_ONLY", "MEMORY_ONLY_2", "DISK_ONLY_2"]);
    const op = chosen(random, ["persist", "persist", "unpersist", "cache"]);
    return { step: { op, level }, dataset };
  },
};

/** A part at random, of which nothing shows beside all elements. */
const sample: Operation = {
  inputs: 1,
  make: (random, input) =>
    isKey(input.shape) ? scattered({ op: "sample", partitions: 1 + random.nextInt(3) }, input) : undefined,
};

/** All of the even keys and none of the odd ones. */
const sampleByKey: Operation = {
  inputs: 1,
  make(_, { partitions: _partitions, ...input }) {
    if (!isPair(input.shape) || input.shape.key !== "int") return undefined;
    return scattered({ op: "sampleByKey" }, { ...input, partitions: undefined });
  },
};

const randomSplit: Operation = { inputs: 1, make: (_, input) => scattered({ op: "randomSplit" }, input) };

const sortWithin: Operation = {
  inputs: 1,
  make(random, input) {
    if (!isPair(input.shape) || input.shape.key !== "int") return undefined;
    const partitions = 1 + random.nextInt(3);
    const step = { op: "repartitionAndSortWithinPartitions", partitions, ascending: random.nextInt(2) === 0 };
    // The keys of each partition, which both lay by the same function, as a list.
    const dataset: Dataset = {
      ...input,
      shape: { list: "int" },
      order: "exact",
      laidOut: true,
      exchanged: true,
      partitions,
    };
    return { step, dataset };
  },
};

const barrier: Operation = {
  inputs: 1,
  make: (random, input) => scattered({ op: "barrier", partitions: 1 + random.nextInt(3) }, input),
};

/** Adds numbers of a table that every task has. */
const shared: Operation = {
  inputs: 1,
  make(random, input) {
    if (input.shape !== "int") return undefined;
    const rows = Array.from({ length: 4 }, () => random.nextInt(20));
    return { step: { op: chosen(random, ["broadcast", "addFile"]), rows }, dataset: input };
  },
};

const objectFile: Operation = { inputs: 1, make: (_, input) => scattered({ op: "objectFile" }, input) };

/** What is written as text and read again; files are read in an order of their own. */
const files: Operation = {
  inputs: 1,
  make(random, input) {
    if (input.shape !== "text" && input.shape !== "int") return undefined;
    const op = chosen(random, ["textFile", "wholeTextFiles", "binaryFiles", "binaryRecords"]);
    if (op === "binaryRecords") return input.shape === "int" ? scattered({ op }, input) : undefined;
    // A number is read as its text.
    return scattered({ op }, { ...input, shape: "text", partitions: undefined });
  },
};

/** Operations that leave elements as they are, or say where they lie. */
export const placingOperations: readonly Operation[] = [
  zip,
  persist,
  persist,
  unchanged(isAny, () => ({ op: "checkpoint" })),
  unchanged(isAny, () => ({ op: "localCheckpoint" })),
  sample,
  randomSplit,
  barrier,
  objectFile,
];

/** Those that suit elements of one shape only: a family of their own, or they would hardly be drawn. */
export const particularOperations: readonly Operation[] = [
  unchanged(isText, () => ({ op: "pipe" })),
  zipWithUniqueId,
  sampleByKey,
  sortWithin,
  shared,
  files,
];
