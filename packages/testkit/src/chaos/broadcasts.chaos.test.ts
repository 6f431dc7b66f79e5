import { createRandom } from "@gloam/common";
import { GloamContext, type Broadcast } from "gloam";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { ExecutorKiller } from "./executor-killer.ts";
import { faultyContext } from "./faulty-context.ts";
import { NetworkState } from "./faulty-network.ts";
import { Leftovers } from "./leftovers.ts";

/** Every executor sees all of it; gives how many have. */
async function readEverywhere(
  gc: GloamContext,
  broadcast: Broadcast<Float64Array>,
  executors: number,
): Promise<number> {
  const { length } = broadcast.value;
  const expected = [length, (length * (length - 1)) / 2];
  const found = new Set<number>();
  for (let round = 0; round < 6 && found.size < executors; round++) {
    const sums = await gc
      .range(0, executors, { partitions: executors })
      .map(() => {
        const { value } = broadcast;
        let sum = 0;
        for (let i = 0; i < value.length; i++) sum += value[i]!;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
        return [process.pid, value.length, sum] as const;
      })
      .collect();
    for (const [pid, ...sum] of sums) {
      expect(sum).toEqual(expected);
      found.add(pid);
    }
  }
  return found.size;
}

function numbers(length: number): Float64Array {
  const all = new Float64Array(length);
  for (let i = 0; i < length; i++) all[i] = i;
  return all;
}

test("200 MB reach four executors, the driver sends them twice at most, and is free meanwhile", async () => {
  const leftovers = new Leftovers();
  const gc = new GloamContext({ master: "local-cluster[4,1,1024]", conf: { "executor.heartbeatInterval": "500ms" } });
  try {
    await gc.ready();
    while ((await gc.statusTracker.executors()).length < 4) await sleep(50);
    const bytes = 200_000_000;
    const value = numbers(bytes / 8);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const began = performance.now();
    const broadcast = gc.broadcast(value);
    const encoded = performance.now() - began;
    await sleep(20);
    delay.reset();
    expect(await readEverywhere(gc, broadcast, 4)).toBe(4);
    delay.disable();
    const took = performance.now() - began;
    const { servedBytes } = await gc.statusTracker.driverTraffic();
    const passedOn = async (): Promise<number> =>
      (await gc.statusTracker.executors()).reduce((sum, each) => sum + each.servedBytes, 0);
    for (let wait = 0; wait < 50 && servedBytes + (await passedOn()) < 4 * bytes; wait++) await sleep(100);
    // oxlint-disable-next-line no-console -- the figures are the proof
    console.log(
      `encoded in ${Math.round(encoded)} ms; at four executors after ${Math.round(took)} ms; ` +
        `the driver sent ${(servedBytes / bytes).toFixed(2)} times, executors ${((await passedOn()) / bytes).toFixed(2)} times; ` +
        `its thread was held up for ${Math.round(delay.max / 1e6)} ms at most`,
    );
    expect(servedBytes).toBeLessThanOrEqual(2.01 * bytes);
    expect(servedBytes + (await passedOn())).toBeGreaterThanOrEqual(4 * bytes);
    expect(delay.max / 1e6).toBeLessThan(1000);
  } finally {
    await gc.stop();
  }
  await leftovers.expectNone();
}, 180_000);

test("broadcasts arrive whole while executors are killed", async () => {
  const seed = Date.now() % 2 ** 31;
  const random = createRandom(seed);
  const leftovers = new Leftovers();
  const gc = new GloamContext({
    master: "local-cluster[4,1,512]",
    conf: { "task.maxFailures": 100, "broadcast.blockSize": "256k" },
  });
  await gc.ready();
  let readers = 0;
  const killer = new ExecutorKiller(random, 2000);
  try {
    for (let round = 0; round < 25; round++) {
      const broadcast = gc.broadcast(numbers(1_000_000 + random.nextInt(1_000_000)));
      readers += await readEverywhere(gc, broadcast, 4).catch((error: unknown) => {
        throw new Error(`round ${round} with seed ${seed}, after ${killer.killed} kills`, { cause: error });
      });
      if (round % 2 === 0) broadcast.destroy();
    }
  } finally {
    killer.stop();
    await gc.stop();
  }
  expect(killer.killed).toBeGreaterThan(3);
  expect(readers).toBeGreaterThan(30);
  await leftovers.expectNone();
}, 300_000);

test("broadcasts arrive whole while connections are cut, delayed and altered", async () => {
  const leftovers = new Leftovers();
  const state = new NetworkState();
  const faults = {
    control: { within: 40_000, cut: 0.2, altered: 0.2, delayed: 0.3 },
    blocks: { within: 2_000_000, cut: 0.3, altered: 0.3, delayed: 0.3 },
  };
  const gc = faultyContext(
    "local-cluster[3,1,512]",
    {
      ...{ "network.timeout": "12s", "executor.heartbeatInterval": "200ms", "task.maxFailures": 100 },
      "broadcast.blockSize": "256k",
    },
    { lives: new SharedArrayBuffer(8), network: { seed: Date.now() % 2 ** 31, shared: state.shared, faults } },
  );
  try {
    const began = performance.now();
    while (performance.now() - began < 20_000) await readEverywhere(gc, gc.broadcast(numbers(500_000)), 3);
  } finally {
    await gc.stop();
  }
  const { cut, altered } = state.counts;
  expect(cut + altered).toBeGreaterThan(1);
  await leftovers.expectNone();
}, 180_000);
