import { startMesos } from "@gloam/cli/mesos";
import type { OperatorCall } from "@gloam/mesos";
import { GloamContext } from "gloam";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { MesosView, until } from "./mesos-view.ts";

function schedule(inMilliseconds: number): OperatorCall {
  const start = Date.now() + inMilliseconds;
  const window = {
    machine_ids: [{ hostname: "127.0.0.1", ip: "127.0.0.1" }],
    unavailability: { start: { nanoseconds: start * 1_000_000 }, duration: { nanoseconds: 3_600_000_000_000 } },
  };
  return { type: "UPDATE_MAINTENANCE_SCHEDULE", update_maintenance_schedule: { schedule: { windows: [window] } } };
}

test("maintenance that is far ahead: executors stay until it is near", async () => {
  await using mesos = await startMesos();
  const view = new MesosView(mesos);
  await using gc = new GloamContext({
    master: mesos.url,
    conf: { "executor.cores": 1, "dynamicAllocation.initialExecutors": 1, "cores.max": 1 },
  });
  await gc.ready();
  const before = await gc.statusTracker.executors();
  await view.operate(schedule(3_600_000));
  // The master tells of it at its next allocation, a second later at most.
  await sleep(4000);
  expect((await gc.statusTracker.executors()).map(({ executor }) => executor)).toEqual(
    before.map(({ executor }) => executor),
  );
  expect(await view.acceptedInverseOffers()).toBe(0);
});

test("maintenance of all agents: blocks move to the driver, the inverse offers are accepted, and nothing is computed again", async () => {
  const directory = mkdtempSync(join(tmpdir(), "gloam-mesos-maintenance-"));
  const path = join(directory, "computed");
  const words = (): string[] => (existsSync(path) ? readFileSync(path, "utf8").trim().split(/\s+/) : []);
  await using mesos = await startMesos({ agents: 2 });
  const view = new MesosView(mesos);
  try {
    await using gc = new GloamContext({
      master: mesos.url,
      conf: { "executor.cores": 1, "dynamicAllocation.maxExecutors": 2 },
    });
    await until(async () => (await gc.statusTracker.executors()).length === 2, "two executors");
    const sums = gc
      .range(0, 1600, { partitions: 16 })
      .mapPartitions((rows) => {
        appendFileSync(path, "map ");
        return rows;
      })
      .map((i) => [i % 8, i] as [number, number])
      .reduceByKey((a, b) => a + b, 8)
      .map(([, sum]) => sum)
      .cache();
    const total = await sums.sum();
    expect(words()).toHaveLength(16);
    await view.operate(schedule(120_000));
    await until(async () => (await view.busyAgents()).length === 0, "agents without executors");
    await until(async () => (await view.acceptedInverseOffers()) === 2, "accepted inverse offers");
    const [refuge, ...others] = await gc.statusTracker.executors();
    expect(others).toEqual([]);
    expect(refuge?.slots).toBe(0);

    await view.operate({
      type: "UPDATE_MAINTENANCE_SCHEDULE",
      update_maintenance_schedule: { schedule: { windows: [] } },
    });
    expect(await sums.sum()).toBe(total);
    expect(words()).toHaveLength(16);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
