import { startMesos } from "@gloam/cli/mesos";
import { GloamContext } from "gloam";
import { test } from "vitest";
import { expectOutcome, pipelineSeeds } from "./expect-outcome.ts";
import { randomPipeline } from "./random-pipeline.ts";

test("random pipelines on Mesos equal a model of plain arrays", async () => {
  await using mesos = await startMesos({ agents: 2 });
  const conf = { "executor.cores": 2, "dynamicAllocation.maxExecutors": 2 };
  await using gc = new GloamContext({ master: mesos.url, appName: "random pipelines", conf });
  for (const seed of pipelineSeeds) await expectOutcome(gc, randomPipeline(seed));
}, 600_000);
