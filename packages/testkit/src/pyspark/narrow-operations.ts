import type { Random } from "@gloam/common";
import type { Dataset, Made, Step } from "./pipeline.ts";
import { chosen, depthOf, isPair, isSame, type Shape } from "./shapes.ts";
import { ordered, randomExpansion, randomPredicate, randomUnary } from "./typed-calls.ts";

/** Applies itself to one or two datasets, or gives undefined where it cannot be. `inputs` says how many it takes. */
export interface Operation {
  readonly inputs: 1 | 2 | 3;
  make(random: Random, first: Dataset, second: Dataset, third: Dataset): Made | undefined;
}

type Unmade = Omit<Step, "inputs">;

/** The same elements, changed where they are. */
function changed(step: Unmade, input: Dataset, shape: Shape, keepsKeys = false, times = 1): Made {
  const order = input.order === "key" && !keepsKeys ? "none" : input.order;
  return { step, dataset: { ...input, shape, order, most: input.most * times } };
}

const map: Operation = {
  inputs: 1,
  make(random, input) {
    const { call, to } = randomUnary(random, input.shape);
    return call.name === "same" ? undefined : changed({ op: "map", call }, input, to);
  },
};

const filter: Operation = {
  inputs: 1,
  make(random, input) {
    const call = randomPredicate(random, input.shape);
    return call && changed({ op: "filter", call }, input, input.shape, true);
  },
};

const flatMap: Operation = {
  inputs: 1,
  make(random, input) {
    const expansion = randomExpansion(random, input.shape);
    return expansion && changed({ op: "flatMap", call: expansion.call }, input, expansion.to, false, expansion.most);
  },
};

const mapValues: Operation = {
  inputs: 1,
  make(random, input) {
    if (!isPair(input.shape)) return undefined;
    const { call, to } = randomUnary(random, input.shape.value);
    return changed({ op: "mapValues", call }, input, { key: input.shape.key, value: to }, true);
  },
};

const flatMapValues: Operation = {
  inputs: 1,
  make(random, input) {
    if (!isPair(input.shape)) return undefined;
    const expansion = randomExpansion(random, input.shape.value);
    if (expansion === undefined) return undefined;
    const { call, to, most } = expansion;
    return changed({ op: "flatMapValues", call }, input, { key: input.shape.key, value: to }, true, most);
  },
};

const keysOrValues: Operation = {
  inputs: 1,
  make(random, input) {
    if (!isPair(input.shape)) return undefined;
    const op = chosen(random, ["keys", "values"]);
    return changed({ op }, input, op === "keys" ? input.shape.key : input.shape.value);
  },
};

const keyBy: Operation = {
  inputs: 1,
  make(random, input) {
    const { call, to } = randomUnary(random, input.shape);
    if (depthOf(input.shape) > 1) return undefined;
    return changed({ op: "keyBy", call }, input, { key: to, value: input.shape });
  },
};

const union: Operation = {
  inputs: 2,
  make(_, first, second) {
    if (!isSame(first.shape, second.shape)) return undefined;
    const isExact = first.order === "exact" && second.order === "exact";
    const exchanged = first.exchanged || second.exchanged;
    return {
      step: { op: "union" },
      dataset: {
        shape: first.shape,
        order: isExact ? "exact" : "none",
        // Where both lie by the same partitioner, partitions are laid over each other; the two differ in which are the same.
        laidOut: first.laidOut && second.laidOut && !exchanged,
        exchanged,
        partitions: exchanged ? undefined : sumOf(first.partitions, second.partitions),
        most: first.most + second.most,
      },
    };
  },
};

const coalesce: Operation = {
  inputs: 1,
  make(random, input) {
    const partitions = 1 + random.nextInt(3);
    const left = input.partitions && Math.min(partitions, input.partitions);
    // After an exchange Spark puts partitions together by where they lie, not neighbours.
    const rest = input.exchanged ? ({ order: "none", laidOut: false } as const) : {};
    return { step: { op: "coalesce", partitions }, dataset: { ...input, ...rest, partitions: left } };
  },
};

const zipWithIndex: Operation = {
  inputs: 1,
  make(_, input) {
    if (input.order !== "exact" || depthOf(input.shape) > 2) return undefined;
    return changed({ op: "zipWithIndex" }, input, { key: input.shape, value: "int" });
  },
};

const glom: Operation = {
  inputs: 1,
  make(_, input) {
    if (!input.laidOut || depthOf(input.shape) > 2) return undefined;
    // Where the order within a partition is not promised, that of its elements sorted is.
    if (input.order === "exact") return changed({ op: "glom" }, input, { list: input.shape });
    const { call, to } = ordered(input.shape);
    return changed({ op: "glom", finish: call }, { ...input, order: "exact" }, to);
  },
};

const mapPartitions: Operation = {
  inputs: 1,
  make(random, input) {
    if (!input.laidOut || input.partitions === undefined) return undefined;
    const counted = { ...input, order: "exact", most: input.partitions } as const;
    if (random.nextInt(2) === 0) return changed({ op: "countPartitions" }, counted, "int");
    return changed({ op: "countPartitionsWithIndex" }, counted, { key: "int", value: "int" });
  },
};

function sumOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/** Operations that need no exchange. */
export const narrowOperations: readonly Operation[] = [
  map,
  map,
  map,
  filter,
  flatMap,
  mapValues,
  flatMapValues,
  keysOrValues,
  keyBy,
  keyBy,
  union,
  coalesce,
  zipWithIndex,
  glom,
  mapPartitions,
];
