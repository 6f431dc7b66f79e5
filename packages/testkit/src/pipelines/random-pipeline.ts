import { createRandom, type Random } from "@gloam/common";
import type { Rdd } from "gloam";
import type { Action, AppliedAction } from "./action.ts";
import { approximateActions } from "./approximate-actions.ts";
import { digestOperations } from "./digest-operations.ts";
import { effectActions } from "./effect-actions.ts";
import { fileOperations } from "./file-operations.ts";
import { groupOperations } from "./group-operations.ts";
import { keepingOperations } from "./keeping-operations.ts";
import { keyActions } from "./key-actions.ts";
import { numberActions } from "./number-actions.ts";
import type { Applied, Dataset, Operation } from "./operation.ts";
import { partitionOperations } from "./partition-operations.ts";
import type { Place } from "./place.ts";
import { reducingActions } from "./reducing-actions.ts";
import { rowActions } from "./row-actions.ts";
import { rowOperations } from "./row-operations.ts";
import type { Row } from "./rows.ts";
import { sampleActions } from "./sample-actions.ts";
import { sampleOperations } from "./sample-operations.ts";
import { setOperations } from "./set-operations.ts";
import { sharedOperations } from "./shared-operations.ts";
import { shuffleOperations } from "./shuffle-operations.ts";
import { sources } from "./sources.ts";

/** One dataset of a random pipeline, with what the plain-array model expects of it. */
export interface PipelineStep extends Dataset {
  readonly description: string;
}

/** A pipeline of operations made from a seed, once for Gloam and once for plain arrays. */
export interface RandomPipeline {
  readonly seed: number;
  /** In the order in which they are made; the last one is the pipeline's outcome. */
  readonly steps: readonly PipelineStep[];
  /** What is asked of the last step, besides its rows. */
  readonly actions: readonly AppliedAction[];
  /** The steps and actions in words, for failures. */
  readonly description: string;
  /** The RDD of a step, the last by default, made of its own ones. Steps that are used twice are one RDD. */
  build(place: Place, step?: number): Promise<Rdd<Row>>;
  /** The RDDs of all steps, made of each other. */
  buildAll(place: Place): Promise<readonly Rdd<Row>[]>;
}

/** Datasets stay below this many rows: joins of joins would grow without bounds. */
const mostRows = 1500;
const actionsOfEach = 2;

/** Each as likely as another; then one of its operations. */
const families: readonly (readonly Operation[])[] = [
  [...rowOperations, ...sharedOperations],
  [...partitionOperations, ...keepingOperations],
  [...shuffleOperations, ...groupOperations],
  [...setOperations, ...sampleOperations, ...digestOperations, ...fileOperations],
];

const actionFamilies: readonly (readonly Action[])[] = [
  rowActions,
  numberActions,
  reducingActions,
  [...keyActions, ...sampleActions],
  [...approximateActions, ...effectActions],
];

interface BuiltStep extends PipelineStep {
  make(place: Place, rddOf: (step: number) => Promise<Rdd<Row>>): Promise<Rdd<Row>>;
}

/**
 * Makes a pipeline of 4 to 16 steps. With `exact`, the default, its floats add up without rounding, so that the model
 * knows them whatever the order of summing; without, only runs of the same pipeline can be compared with each other.
 */
export function randomPipeline(seed: number, exact = true): RandomPipeline {
  const random = createRandom(seed);
  const steps: BuiltStep[] = [];
  const length = 4 + random.nextInt(13);
  while (steps.length < length) {
    const step = steps.length < 2 ? source(random, exact) : application(random, steps);
    if (step !== undefined && step.rows.length <= mostRows) steps.push(step);
  }
  const actions: AppliedAction[] = [];
  while (actions.length < actionsOfEach) {
    const applied = chosen(random, chosen(random, actionFamilies))(random, steps.at(-1)!);
    if (applied !== undefined) actions.push(applied);
  }
  const lines = steps.map((step, index) => `${index}: ${step.description}`);
  return {
    seed,
    steps,
    actions,
    description: [...lines, ...actions.map(({ description }) => description)].join("\n"),
    build: (place, step = steps.length - 1) => builder(steps, place)(step),
    buildAll(place) {
      const rddOf = builder(steps, place);
      return Promise.all(steps.map((_, index) => rddOf(index)));
    },
  };
}

/** Makes each step once. */
function builder(steps: readonly BuiltStep[], place: Place): (step: number) => Promise<Rdd<Row>> {
  const made = new Map<number, Promise<Rdd<Row>>>();
  const rddOf = (index: number): Promise<Rdd<Row>> => {
    const rdd = made.get(index) ?? steps[index]!.make(place, rddOf);
    made.set(index, rdd);
    return rdd;
  };
  return rddOf;
}

function source(random: Random, exact: boolean): BuiltStep {
  const made = chosen(random, sources)(random, exact);
  return { ...made, make: async (place) => made.build(place) };
}

/** Mostly goes on with the last step, so that chains get long; else with any, so that steps are shared. */
function application(random: Random, steps: readonly BuiltStep[]): BuiltStep | undefined {
  const first = random.nextInt(4) === 0 ? random.nextInt(steps.length) : steps.length - 1;
  const second = random.nextInt(steps.length);
  const operation: Operation = chosen(random, chosen(random, families));
  const [left, right] = [steps[first]!, steps[second]!];
  const applied: Applied | undefined = operation(random, left, right);
  if (applied === undefined) return undefined;
  const { description, rows, keys = left.keys, order, inputs = 1 } = applied;
  return {
    description: `${description} of ${inputs === 2 ? `${first}, ${second}` : first}`,
    rows,
    keys,
    order,
    async make(place, rddOf) {
      const rdd = await rddOf(first);
      return applied.build(rdd, inputs === 2 ? await rddOf(second) : rdd, place);
    },
  };
}

function chosen<T>(random: Random, choices: readonly T[]): T {
  return choices[random.nextInt(choices.length)]!;
}
