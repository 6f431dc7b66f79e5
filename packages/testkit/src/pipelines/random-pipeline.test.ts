import { GloamContext } from "gloam";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectOutcome, pipelineSeeds as seeds } from "./expect-outcome.ts";
import { randomPipeline } from "./random-pipeline.ts";

/** As the matrix, but processes have several slots: blocks go between threads and between processes in the same shuffle. */
const masters = ["local[1]", "local[4]", "local-cluster[2,2,1024]"];

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
  for (const seed of seeds.slice(0, Math.ceil(seeds.length / 4))) {
    const pipeline = randomPipeline(seed, false);
    const [first, ...others] = await Promise.all(twice.map((gc) => pipeline.build(gc).collect()));
    for (const other of others) expect(other, `seed ${seed}:\n${pipeline.description}`).toEqual(first);
  }
});
