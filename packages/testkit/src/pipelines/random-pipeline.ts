import { createRandom, type Random } from "@gloam/common";
import type { GloamContext, Rdd } from "gloam";
import type { Applied, Dataset, Operation } from "./operation.ts";
import { rowOperations } from "./row-operations.ts";
import type { Row } from "./rows.ts";
import { setOperations } from "./set-operations.ts";
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
  /** The steps in words, for failures. */
  readonly description: string;
  /** The RDD of a step, the last by default. Steps that are used twice are one RDD. */
  build(gc: GloamContext, step?: number): Rdd<Row>;
}

/** Datasets stay below this many rows: joins of joins would grow without bounds. */
const mostRows = 1500;

interface BuiltStep extends PipelineStep {
  make(gc: GloamContext, rddOf: (step: number) => Rdd<Row>): Rdd<Row>;
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
  return {
    seed,
    steps,
    description: steps.map((step, index) => `${index}: ${step.description}`).join("\n"),
    build(gc, outcome = steps.length - 1) {
      const made = new Map<number, Rdd<Row>>();
      const rddOf = (index: number): Rdd<Row> => {
        const rdd = made.get(index) ?? steps[index]!.make(gc, rddOf);
        made.set(index, rdd);
        return rdd;
      };
      return rddOf(outcome);
    },
  };
}

function source(random: Random, exact: boolean): BuiltStep {
  const made = chosen(random, sources)(random, exact);
  return { ...made, make: (gc) => made.build(gc) };
}

/** Mostly goes on with the last step, so that chains get long; else with any, so that steps are shared. */
function application(random: Random, steps: readonly BuiltStep[]): BuiltStep | undefined {
  const first = random.nextInt(4) === 0 ? random.nextInt(steps.length) : steps.length - 1;
  const second = random.nextInt(steps.length);
  const operation: Operation = chosen(random, chosen(random, [rowOperations, shuffleOperations, setOperations]));
  const [left, right] = [steps[first]!, steps[second]!];
  const applied: Applied | undefined = operation(random, left, right);
  if (applied === undefined) return undefined;
  const inputs = applied.build.length === 2 ? `${first}, ${second}` : `${first}`;
  return {
    description: `${applied.description} of ${inputs}`,
    rows: applied.rows,
    keys: applied.keys ?? left.keys,
    order: applied.order,
    make: (_, rddOf) => applied.build(rddOf(first), rddOf(applied.build.length === 2 ? second : first)),
  };
}

function chosen<T>(random: Random, choices: readonly T[]): T {
  return choices[random.nextInt(choices.length)]!;
}
