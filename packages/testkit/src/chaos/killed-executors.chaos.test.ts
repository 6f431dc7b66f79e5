import { createRandom } from "@gloam/common";
import { GloamContext } from "gloam";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { childProcesses } from "../child-processes.ts";
import { knownJobs } from "./known-jobs.ts";
import { executorEntry, Leftovers } from "./leftovers.ts";

test("a hundred jobs give the right answers while executors are killed, and nothing is left", async () => {
  const seed = Date.now() % 2 ** 31;
  const random = createRandom(seed);
  const leftovers = new Leftovers();
  const gc = new GloamContext({ master: "local-cluster[3,1,512]", conf: { "task.maxFailures": 100 } });
  await gc.ready();
  let killed = 0;
  const killer = setInterval(() => {
    const pids = childProcesses(executorEntry);
    const pid = pids[random.nextInt(Math.max(1, pids.length))];
    if (pid === undefined) return;
    process.kill(pid, "SIGKILL");
    killed++;
  }, 2000);
  try {
    for (let job = 0; job < 100; job++) {
      await knownJobs[job % knownJobs.length]!(gc, 10_000 + 10 * random.nextInt(5000)).catch((error: unknown) => {
        throw new Error(`job ${job} with seed ${seed}, after ${killed} kills`, { cause: error });
      });
      // Time for the killer, however fast the machine is.
      await sleep(150);
    }
  } finally {
    clearInterval(killer);
    await gc.stop();
  }
  expect(killed).toBeGreaterThan(5);
  await leftovers.expectNone();
}, 300_000);
