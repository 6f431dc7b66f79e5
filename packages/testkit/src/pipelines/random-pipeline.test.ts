import { GloamContext } from "gloam";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PipelineStep, RandomPipeline } from "./random-pipeline.ts";
import { randomPipeline } from "./random-pipeline.ts";
import { nameOf, type Row } from "./rows.ts";

/** As the matrix, but processes have several slots: blocks go between threads and between processes in the same shuffle. */
const masters = ["local[1]", "local[4]", "local-cluster[2,2,1024]"];

/** Set GLOAM_TEST_SEED to begin elsewhere, GLOAM_TEST_PIPELINES for another number of pipelines. */
const firstSeed = Number(process.env["GLOAM_TEST_SEED"] ?? "1");
const pipelines = Number(process.env["GLOAM_TEST_PIPELINES"] ?? "200");
const seeds = Array.from({ length: pipelines }, (_, index) => firstSeed + index);

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
async function expectOutcome(gc: GloamContext, pipeline: RandomPipeline): Promise<void> {
  const last = pipeline.steps.length - 1;
  try {
    await expectModel(gc, pipeline, last);
  } catch (error) {
    for (let index = 0; index < last; index++) await expectModel(gc, pipeline, index);
    throw error;
  }
}

const contexts = new Map<string, GloamContext>();
beforeAll(() => {
  for (const master of masters) contexts.set(master, new GloamContext({ master, appName: "random pipelines" }));
});
afterAll(async () => {
  await Promise.all([...contexts.values()].map((gc) => gc.stop()));
});

test.each(masters)("random pipelines in %s equal a model of plain arrays", async (master) => {
  for (const seed of seeds) await expectOutcome(contexts.get(master)!, randomPipeline(seed));
});

test("random pipelines give the same rows, floats and order each time and with any number of workers", async () => {
  const twice = [...contexts.values(), ...contexts.values()];
  for (const seed of seeds.slice(0, Math.ceil(pipelines / 4))) {
    const pipeline = randomPipeline(seed, false);
    const [first, ...others] = await Promise.all(twice.map((gc) => pipeline.build(gc).collect()));
    for (const other of others) expect(other, `seed ${seed}:\n${pipeline.description}`).toEqual(first);
  }
});
