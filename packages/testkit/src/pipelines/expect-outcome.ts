import { GloamError, type Rdd } from "gloam";
import { expect } from "vitest";
import { nothing, type AppliedAction } from "./action.ts";
import type { Place } from "./place.ts";
import type { PipelineStep, RandomPipeline } from "./random-pipeline.ts";
import { nameOf, type Row } from "./rows.ts";

/** Set GLOAM_TEST_SEED to begin elsewhere, GLOAM_TEST_PIPELINES for another number of pipelines. */
const firstSeed = Number(process.env["GLOAM_TEST_SEED"] ?? "1");
const pipelines = Number(process.env["GLOAM_TEST_PIPELINES"] ?? "300");

/** Seeds of the pipelines that tests run. */
export const pipelineSeeds: readonly number[] = Array.from({ length: pipelines }, (_, index) => firstSeed + index);

/** What a pipeline gives: rows in their order, and of each action what is the same on every master. */
export interface Outcome {
  readonly rows: readonly Row[];
  readonly actions: readonly unknown[];
}

/** What is promised of a step's rows: which they are, and the order of what was sorted. */
function promised(rows: readonly Row[], order: PipelineStep["order"]): { rows: string[]; order: string[] } {
  const sorted = order === undefined ? [] : rows.map(([key, value]) => nameOf(order === "key" ? key : value));
  return { rows: rows.map(nameOf).toSorted(), order: sorted };
}

/** Runs something of a pipeline; an error tells of which. */
async function of<R>(pipeline: RandomPipeline, run: () => Promise<R>): Promise<R> {
  try {
    return await run();
  } catch (cause) {
    throw new Error(`seed ${pipeline.seed}:\n${pipeline.description}\n${String(cause)}`, { cause });
  }
}

async function outcomeOf(action: AppliedAction, rdd: Rdd<Row>, place: Place): Promise<unknown> {
  try {
    return await action.run(rdd, place);
  } catch (error) {
    if (error instanceof GloamError && error.code === "GLOAM_RDD_EMPTY") return nothing;
    throw error;
  }
}

/** Runs the pipeline, and its actions one after the other. */
export async function runPipeline(place: Place, pipeline: RandomPipeline): Promise<Outcome> {
  return of(pipeline, async () => {
    const rdd = await pipeline.build(place);
    const rows = await rdd.collect();
    const actions: unknown[] = [];
    for (const action of pipeline.actions) actions.push(await outcomeOf(action, rdd, place));
    return { rows, actions };
  });
}

function expectRows(pipeline: RandomPipeline, index: number, rows: readonly Row[]): void {
  const step = pipeline.steps[index]!;
  const message = `seed ${pipeline.seed}, step ${index} of\n${pipeline.description}`;
  expect(promised(rows, step.order), message).toEqual(promised(step.rows, step.order));
}

/** Expects what the model knows; when rows are wrong, fails with the first step that is wrong by itself. Gives the outcome. */
export async function expectOutcome(place: Place, pipeline: RandomPipeline): Promise<Outcome> {
  const last = pipeline.steps.length - 1;
  const outcome = await runPipeline(place, pipeline);
  try {
    expectRows(pipeline, last, outcome.rows);
  } catch (error) {
    for (let index = 0; index < last; index++) {
      const rows = await of(pipeline, async () => (await pipeline.build(place, index)).collect());
      expectRows(pipeline, index, rows);
    }
    throw error;
  }
  for (const [at, action] of pipeline.actions.entries()) {
    const message = `seed ${pipeline.seed}, ${action.description} of\n${pipeline.description}`;
    expect(action.promised(outcome.actions[at]), message).toEqual(action.expected);
  }
  return outcome;
}

/** Expects two runs of a pipeline to have given the same, to the last bit and in the same order. */
export function expectSame(pipeline: RandomPipeline, outcome: Outcome, other: Outcome): void {
  expect(outcome, `seed ${pipeline.seed}:\n${pipeline.description}`).toEqual(other);
}
