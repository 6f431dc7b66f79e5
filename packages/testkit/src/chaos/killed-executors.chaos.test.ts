import { createRandom } from "@gloam/common";
import { GloamContext } from "gloam";
import { expect, test } from "vitest";
import { ExecutorKiller } from "./executor-killer.ts";
import { Leftovers } from "./leftovers.ts";
import { runKnownJobs } from "./run-known-jobs.ts";

test("a hundred jobs give the right answers while executors are killed, and nothing is left", async () => {
  const seed = Date.now() % 2 ** 31;
  const random = createRandom(seed);
  const leftovers = new Leftovers();
  const gc = new GloamContext({ master: "local-cluster[3,1,512]", conf: { "task.maxFailures": 100 } });
  await gc.ready();
  const killer = new ExecutorKiller(random, 2000);
  try {
    await runKnownJobs(gc, {
      ...{ seed, random, least: 10_000, spread: 50_000, pause: 150 },
      goesOn: (jobs) => jobs < 100,
      happened: () => `${killer.killed} kills`,
    });
  } finally {
    killer.stop();
    await gc.stop();
  }
  expect(killer.killed).toBeGreaterThan(5);
  await leftovers.expectNone();
}, 300_000);
