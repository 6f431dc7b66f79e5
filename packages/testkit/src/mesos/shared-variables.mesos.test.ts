import { startMesos } from "@gloam/cli/mesos";
import { GloamContext } from "gloam";
import { expect, test } from "vitest";
import { until } from "./mesos-view.ts";

test("executors of two agents pass a broadcast on to each other, and add to accumulators", async () => {
  await using mesos = await startMesos({ agents: 2 });
  await using gc = new GloamContext({
    master: mesos.url,
    conf: {
      ...{ "executor.cores": 1, "dynamicAllocation.maxExecutors": 2, "executor.heartbeatInterval": "200ms" },
      "broadcast.blockSize": "64k",
    },
  });
  await until(async () => (await gc.statusTracker.executors()).length === 2, "two executors");
  const length = 500_000;
  const numbers = gc.broadcast(new Float64Array(length).fill(0.5));
  const seen = gc.longAccumulator();
  const sums = await gc
    .range(0, 12, { partitions: 12 })
    .map(() => {
      seen.add(1);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
      return numbers.value.reduce((a, b) => a + b, 0);
    })
    .collect();
  expect(sums).toEqual(Array.from({ length: 12 }, () => length / 2));
  expect(seen.value).toBe(12);
  const { servedBytes } = await gc.statusTracker.driverTraffic();
  expect(servedBytes).toBeGreaterThanOrEqual(8 * length);
  expect(servedBytes).toBeLessThan(2.1 * 8 * length);
});
