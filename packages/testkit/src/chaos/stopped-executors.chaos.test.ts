import { createRandom } from "@gloam/common";
import { expect, test } from "vitest";
import { childProcesses } from "../child-processes.ts";
import { faultyContext } from "./faulty-context.ts";
import { executorEntry, Leftovers } from "./leftovers.ts";
import { runKnownJobs } from "./run-known-jobs.ts";

/** Longer than a process may take to start on a busy machine, and than what counts as a failed start. */
const timeout = 12_000;

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

test("jobs give the right answers while executors stand still, and those that were given up come too late", async () => {
  const seed = Date.now() % 2 ** 31;
  const random = createRandom(seed);
  const leftovers = new Leftovers();
  const lives = new SharedArrayBuffer(8);
  const conf = { "network.timeout": `${timeout}ms`, "executor.heartbeatInterval": "200ms" };
  // Nobody ends an executor that was given up before it could come back and tell what it has done.
  const gc = faultyContext("local-cluster[3,1,512]", conf, { lives, mercy: 3 * timeout });
  await gc.ready();
  const stopped = new Set<number>();
  const stops = { short: 0, long: 0 };
  const stopping = setInterval(() => {
    // One at a time, so that there is somebody to go on.
    const pids = childProcesses(executorEntry);
    const pid = pids[random.nextInt(Math.max(1, pids.length))];
    if (pid === undefined || stopped.size > 0) return;
    const kind = stops.short > 2 * stops.long ? "long" : "short";
    stops[kind]++;
    stopped.add(pid);
    signal(pid, "SIGSTOP");
    setTimeout(
      () => {
        stopped.delete(pid);
        signal(pid, "SIGCONT");
      },
      kind === "short" ? 100 + random.nextInt(1000) : timeout * 1.1,
    );
  }, 300);
  const began = performance.now();
  try {
    await runKnownJobs(gc, {
      ...{ seed, random, least: 10_000, spread: 50_000, pause: 50 },
      goesOn: () => performance.now() - began < 15_000 || stops.long < 2 || stops.short < 3,
      happened: () => `${JSON.stringify(stops)} stops`,
    });
  } finally {
    clearInterval(stopping);
    for (const pid of stopped) signal(pid, "SIGCONT");
    await gc.stop();
  }
  // They came back, found that nobody listens to them, and ended themselves.
  expect(Atomics.load(new Int32Array(lives), 1)).toBeGreaterThan(0);
  await leftovers.expectNone();
}, 180_000);
