import { startMesos } from "@gloam/cli/mesos";
import { test } from "vitest";
import { expectOutcome, expectSame, pipelineSeeds, runPipeline } from "./expect-outcome.ts";
import { openPlace } from "./place.ts";
import { randomPipeline } from "./random-pipeline.ts";

test("random pipelines on Mesos equal a model of plain arrays, and those in one thread", async () => {
  await using mesos = await startMesos({ agents: 2 });
  const conf = { "executor.cores": 2, "dynamicAllocation.maxExecutors": 2 };
  await using place = await openPlace({ master: mesos.url, conf }, 2);
  await using thread = await openPlace({ master: "local[1]" }, 1);
  for (const seed of pipelineSeeds) {
    const pipeline = randomPipeline(seed);
    expectSame(pipeline, await expectOutcome(place, pipeline), await runPipeline(thread, pipeline));
  }
}, 600_000);
