import type { GloamContext } from "gloam";
import { expect } from "vitest";
import type { PipelineStep, RandomPipeline } from "./random-pipeline.ts";
import { nameOf, type Row } from "./rows.ts";

/** Set GLOAM_TEST_SEED to begin elsewhere, GLOAM_TEST_PIPELINES for another number of pipelines. */
const firstSeed = Number(process.env["GLOAM_TEST_SEED"] ?? "1");
const pipelines = Number(process.env["GLOAM_TEST_PIPELINES"] ?? "300");

/** Seeds of the pipelines that tests run. */
export const pipelineSeeds: readonly number[] = Array.from({ length: pipelines }, (_, index) => firstSeed + index);

/** What is promised of a step's rows: which they are, and the order of what was sorted. */
function promised(rows: readonly Row[], order: PipelineStep["order"]): { rows: string[]; order: string[] } {
  const sorted = order === undefined ? [] : rows.map(([key, value]) => nameOf(order === "key" ? key : value));
  return { rows: rows.map(nameOf).toSorted(), order: sorted };
}

async function expectModel(gc: GloamContext, pipeline: RandomPipeline, index: number): Promise<void> {
  const step = pipeline.steps[index]!;
  const rows = await pipeline.build(gc, index).collect();
  const message = `seed ${pipeline.seed}, step ${index} of\n${pipeline.description}`;
  expect(promised(rows, step.order), message).toEqual(promised(step.rows, step.order));
}

/** Expects the outcome; when it is wrong, fails with the first step that is wrong by itself. */
export async function expectOutcome(gc: GloamContext, pipeline: RandomPipeline): Promise<void> {
  const last = pipeline.steps.length - 1;
  try {
    await expectModel(gc, pipeline, last);
  } catch (error) {
    for (let index = 0; index < last; index++) await expectModel(gc, pipeline, index);
    throw error;
  }
}
