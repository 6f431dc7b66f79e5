import { afterAll, beforeAll, expect, test } from "vitest";
import { laterNames } from "../api/api-names.ts";
import { apiNames, recordCalls } from "./called-names.ts";
import { expectOutcome, expectSame, pipelineSeeds as seeds, runPipeline, type Outcome } from "./expect-outcome.ts";
import { openPlace, type Place } from "./place.ts";
import { randomPipeline } from "./random-pipeline.ts";
import { undrawnNames } from "./undrawn-names.ts";

/** As the matrix, but processes have several slots: blocks go between threads and between processes in the same shuffle. */
const masters = ["local[1]", "local[4]", "local-cluster[2,2,1024]"];

const places = new Map<string, Place>();
beforeAll(async () => {
  for (const master of masters) places.set(master, await openPlace({ master }, master === "local[1]" ? 1 : 2));
});
afterAll(async () => {
  await Promise.all([...places.values()].map((place) => place[Symbol.asyncDispose]()));
});

/** Of the first master, by seed; and which names of the API it took. */
const outcomes = new Map<number, Outcome>();
const called = new Set<string>();

test.each(masters)(
  "random pipelines in %s equal a model of plain arrays, and those of other masters",
  async (master) => {
    using calls = recordCalls();
    for (const seed of seeds) {
      const pipeline = randomPipeline(seed);
      const outcome = await expectOutcome(places.get(master)!, pipeline);
      expectSame(pipeline, outcome, outcomes.get(seed) ?? outcome);
      outcomes.set(seed, outcome);
    }
    for (const name of calls.names) called.add(name);
  },
  600_000,
);

test.runIf(seeds.length >= 300)("every name of the API is drawn, or it is said why not", () => {
  const drawn = apiNames.filter((name) => called.has(name));
  const later = apiNames.filter((name) => laterNames.has(name.split(".")[1]!));
  expect([...drawn, ...undrawnNames.keys(), ...later].toSorted()).toEqual(apiNames.toSorted());
});

test("random pipelines give the same rows, floats and order each time and with any number of workers", async () => {
  const twice = [...places.values(), ...places.values()];
  for (const seed of seeds.slice(0, Math.ceil(seeds.length / 4))) {
    const pipeline = randomPipeline(seed, false);
    const [first, ...others] = await Promise.all(twice.map((place) => runPipeline(place, pipeline)));
    for (const other of others) expectSame(pipeline, other, first!);
  }
}, 600_000);
