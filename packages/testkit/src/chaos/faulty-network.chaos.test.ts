import { createRandom } from "@gloam/common";
import type { GloamContext } from "gloam";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { faultyContext } from "./faulty-context.ts";
import { NetworkState, type Faults } from "./faulty-network.ts";
import { knownJobs } from "./known-jobs.ts";
import { Leftovers } from "./leftovers.ts";
import { runKnownJobs } from "./run-known-jobs.ts";

const none: Faults = { within: 1, cut: 0, altered: 0, delayed: 0 };
/** Longer than a process may take to start on a busy machine, and than what counts as a failed start. */
const timeout = 12_000;

function context(
  state: NetworkState,
  seed: number,
  { control, blocks }: Readonly<Record<"control" | "blocks", Faults>>,
  more: Readonly<Record<string, number>> = {},
): GloamContext {
  const conf = { "network.timeout": `${timeout}ms`, "executor.heartbeatInterval": "200ms", ...more };
  return faultyContext("local-cluster[3,1,512]", conf, {
    lives: new SharedArrayBuffer(8),
    network: { seed, shared: state.shared, faults: { control, blocks } },
  });
}

/** Two of the executors at least have to be there, so that blocks go between them. */
async function bothThere(gc: GloamContext): Promise<void> {
  const found = new Set<number>();
  while (found.size < 2) {
    const pids = gc.range(0, 60, { partitions: 60 }).map(() => process.pid);
    for (const pid of await pids.collect()) found.add(pid);
  }
}

async function until(condition: () => boolean, milliseconds: number): Promise<void> {
  for (let waited = 0; waited < milliseconds && !condition(); waited += 50) await sleep(50);
}

test("jobs give the right answers while connections are cut, delayed and altered", async () => {
  const seed = Date.now() % 2 ** 31;
  const random = createRandom(seed);
  const leftovers = new Leftovers();
  const state = new NetworkState();
  const faults = {
    control: { within: 40_000, cut: 0.25, altered: 0.25, delayed: 0.3 },
    blocks: { within: 100_000, cut: 0.3, altered: 0.3, delayed: 0.3 },
  };
  const patience = { "task.maxFailures": 100, "stage.maxConsecutiveAttempts": 100 };
  const gc = context(state, seed, faults, patience);
  const began = performance.now();
  let jobs = 0;
  try {
    const goesOn = (done: number): boolean => {
      const { cut, altered, delayed } = state.counts;
      // A busy machine takes longer for the same.
      const hasSeenAll = Math.min(cut, altered, delayed) > 1 && done > 5;
      return performance.now() - began <= (hasSeenAll ? 15_000 : 60_000);
    };
    jobs = await runKnownJobs(gc, {
      ...{ seed, random, least: 100_000, spread: 100_000, pause: 0, goesOn },
      happened: () => JSON.stringify(state.counts),
    });
    // Whoever got an altered frame has given up the connection: none was believed.
    await until(() => state.counts.alteredEnded === state.counts.altered, 2 * timeout);
    expect(state.counts.alteredEnded, `seed ${seed}`).toBe(state.counts.altered);
  } finally {
    await gc.stop();
  }
  const { cut, altered, delayed } = state.counts;
  expect(Math.min(cut, altered, delayed), `seed ${seed}`).toBeGreaterThan(1);
  expect(jobs).toBeGreaterThan(5);
  await leftovers.expectNone();
}, 180_000);

/** How a job ends while everything is cut, and how long that takes. */
async function endOfJob(gc: GloamContext): Promise<{ readonly error: unknown; readonly milliseconds: number }> {
  const began = performance.now();
  const error: unknown = await knownJobs[1]!(gc, 100_000).catch((cause: unknown) => cause);
  return { error, milliseconds: performance.now() - began };
}

test("a job ends with an error where everything among executors is cut, and others go on when it is not any more", async () => {
  const leftovers = new Leftovers();
  const state = new NetworkState();
  const gc = context(state, 1, { control: none, blocks: none });
  try {
    await bothThere(gc);
    await knownJobs[0]!(gc, 10_000);
    state.cutEverything("blocks");
    const { error, milliseconds } = await endOfJob(gc);
    expect(error).toMatchObject({ code: "GLOAM_FETCH_FAILED" });
    expect(milliseconds).toBeLessThan(30_000);
    state.cutEverything("nothing");
    for (const job of knownJobs) await job(gc, 10_000);
  } finally {
    await gc.stop();
  }
  await leftovers.expectNone();
}, 90_000);

test("a job ends with an error where everything between driver and executors is cut", async () => {
  const leftovers = new Leftovers();
  const state = new NetworkState();
  const gc = context(state, 1, { control: none, blocks: none });
  try {
    await knownJobs[0]!(gc, 10_000);
    state.cutEverything("control");
    const { error, milliseconds } = await endOfJob(gc);
    expect(error).toMatchObject({ code: "GLOAM_WORKER_LOST" });
    expect(milliseconds).toBeLessThan(30_000);
  } finally {
    await gc.stop();
  }
  await leftovers.expectNone();
}, 90_000);

test("a job ends with an error where every connection is cut soon after it was made", async () => {
  const leftovers = new Leftovers();
  const always = { within: 700, cut: 1, altered: 0, delayed: 0 };
  const gc = context(new NetworkState(), 1, { control: always, blocks: none });
  try {
    const { error, milliseconds } = await endOfJob(gc);
    expect(error).toMatchObject({ code: "GLOAM_WORKER_LOST" });
    expect(milliseconds).toBeLessThan(60_000);
  } finally {
    await gc.stop();
  }
  await leftovers.expectNone();
}, 90_000);
