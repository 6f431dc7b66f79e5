import { createRandom } from "@gloam/common";
import { GloamContext } from "gloam";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { ExecutorKiller } from "./executor-killer.ts";
import { faultyContext } from "./faulty-context.ts";
import { NetworkState } from "./faulty-network.ts";
import { Leftovers } from "./leftovers.ts";

/** Counts in map tasks, in reducers and in an action, and compares with what it must be. */
async function count(gc: GloamContext, size: number): Promise<void> {
  const [mapped, reduced, acted] = [gc.longAccumulator(), gc.longAccumulator(), gc.longAccumulator()];
  const keys = gc.collectionAccumulator<number>();
  const sums = gc
    .range(0, size, { partitions: 8 })
    .map((x) => {
      mapped.add(1);
      return [x % 100, x];
    })
    .groupByKey(6)
    .map(([key, values]) => {
      reduced.add(1);
      return [key, [...values].length];
    })
    .sortByKey();
  await sums.forEach(([key]) => {
    acted.add(1);
    keys.add(key);
  });
  expect([mapped.value, reduced.value, acted.value]).toEqual([size, 100, 100]);
  expect(keys.value).toEqual(Array.from({ length: 100 }, (_, key) => key));
}

test("accumulators count exactly while executors are killed and tasks are speculated", async () => {
  const seed = Date.now() % 2 ** 31;
  const random = createRandom(seed);
  const leftovers = new Leftovers();
  const gc = new GloamContext({
    master: "local-cluster[3,1,512]",
    conf: { "task.maxFailures": 100, speculation: true, "speculation.quantile": 0.3, "speculation.multiplier": 1.1 },
  });
  await gc.ready();
  const killer = new ExecutorKiller(random, 1500);
  try {
    for (let job = 0; job < 40; job++) {
      await count(gc, 20_000).catch((error: unknown) => {
        throw new Error(`job ${job} with seed ${seed}, after ${killer.killed} kills`, { cause: error });
      });
      await sleep(150);
    }
  } finally {
    killer.stop();
    await gc.stop();
  }
  expect(killer.killed).toBeGreaterThan(3);
  await leftovers.expectNone();
}, 300_000);

test("accumulators count exactly while connections are cut and outputs cannot be fetched", async () => {
  const leftovers = new Leftovers();
  const state = new NetworkState();
  const faults = {
    control: { within: 40_000, cut: 0.2, altered: 0.2, delayed: 0.3 },
    blocks: { within: 60_000, cut: 0.3, altered: 0.3, delayed: 0.3 },
  };
  const gc = faultyContext(
    "local-cluster[3,1,512]",
    {
      ...{ "network.timeout": "12s", "executor.heartbeatInterval": "200ms" },
      ...{ "task.maxFailures": 100, "stage.maxConsecutiveAttempts": 100 },
    },
    { lives: new SharedArrayBuffer(8), network: { seed: Date.now() % 2 ** 31, shared: state.shared, faults } },
  );
  try {
    const began = performance.now();
    while (performance.now() - began < 20_000) await count(gc, 20_000);
  } finally {
    await gc.stop();
  }
  const { cut, altered } = state.counts;
  expect(cut + altered).toBeGreaterThan(1);
  await leftovers.expectNone();
}, 180_000);
