import { GloamContext, taskContext, type ExecutorStatus } from "gloam";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";

const contexts: GloamContext[] = [];

function cluster(master = "local-cluster[2,1,512]", conf: Record<string, string | number> = {}): GloamContext {
  const gc = new GloamContext({ master, conf });
  contexts.push(gc);
  return gc;
}

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((gc) => gc.stop()));
});

/** Ids of the processes that tasks run in, by asking many. */
async function executors(gc: GloamContext): Promise<number[]> {
  const pids = await gc
    .range(0, 40, { partitions: 40 })
    .map(() => process.pid)
    .collect();
  return [...new Set(pids)];
}

/** Waits until so many are there: jobs begin with the first. */
async function registered(gc: GloamContext, count: number): Promise<void> {
  await gc.ready();
  while ((await gc.statusTracker.executors()).length < count) await sleep(20);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pids: readonly number[]): Promise<void> {
  for (let i = 0; i < 200 && pids.some(isAlive); i++) await sleep(50);
  expect(pids.filter(isAlive)).toEqual([]);
}

const scratch = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`gloam-${process.pid}-`));

describe("executors in processes", () => {
  test("run tasks outside of the driver, and end with it", async () => {
    const gc = cluster();
    await gc.ready();
    const pids = await executors(gc);
    expect(pids).not.toContain(process.pid);
    expect(pids.every(isAlive)).toBe(true);
    await gc.stop();
    await gone(pids);
    expect(scratch()).toEqual([]);
  });

  test("say what they exchange with each other, and what they are", async () => {
    const gc = cluster();
    await registered(gc, 2);
    const pairs = gc.range(0, 10_000, { partitions: 8 }).map((i): [number, string] => [i, `value ${i}`]);
    expect(await pairs.groupByKey(8).count()).toBe(10_000);
    const told = await gc.statusTracker.executors();
    expect(told).toHaveLength(2);
    expect(told).toMatchObject([{ tasks: 0 }, { tasks: 0 }]);
    const fetched = told.reduce((sum, { fetchedBytes }) => sum + fetchedBytes, 0);
    const served = told.reduce((sum, { servedBytes }) => sum + servedBytes, 0);
    // Half of what was written, about. The last bytes sent may not have been told yet.
    expect(fetched).toBeGreaterThan(10_000);
    expect(served).toBeLessThanOrEqual(fetched);
    await gc.stop();
    expect(await gc.statusTracker.executors()).toEqual([]);
  });

  test("keep the secret to themselves", async () => {
    const gc = cluster("local-cluster[1,1,512]");
    const [pid] = await executors(gc);
    if (!existsSync(`/proc/${pid}/cmdline`)) return;
    const seen = ["cmdline", "environ"].map((file) => readFileSync(`/proc/${pid}/${file}`, "latin1")).join();
    expect(seen).toContain("node");
    expect(seen).not.toContain("secret");
  });

  test("are replaced when they are killed, and what they ran is run again", async () => {
    const gc = cluster("local-cluster[2,1,512]", { "task.maxFailures": 8 });
    const before = await executors(gc);
    const sum = gc
      .range(0, 60, { partitions: 60 })
      .map((i) => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
        return i;
      })
      .sum();
    await sleep(200);
    process.kill(before[0]!, "SIGKILL");
    expect(await sum).toBe(1770);
    const after = await executors(gc);
    expect(after).not.toContain(before[0]);
  });

  test("lose nothing while the driver computes for three timeouts", async () => {
    const timeout = 1500;
    const gc = cluster("local-cluster[2,1,512]", { "network.timeout": timeout, "executor.heartbeatInterval": 300 });
    await registered(gc, 2);
    const before = await gc.statusTracker.executors();
    const rows = gc
      .range(0, 40, { partitions: 40 })
      .map((i) => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
        return { i, attempt: taskContext().attempt };
      })
      .collect();
    await sleep(200);
    for (const begin = performance.now(); performance.now() - begin < 3 * timeout;);
    expect(await rows).toEqual(Array.from({ length: 40 }, (_, i) => ({ i, attempt: 0 })));
    const names = (told: readonly ExecutorStatus[]): string[] => told.map(({ executor }) => executor);
    expect(names(await gc.statusTracker.executors())).toEqual(names(before));
  });

  test("whose memory ends say so with the task", async () => {
    const gc = cluster("local-cluster[1,1,512]", { "task.maxFailures": 1 });
    const kill = gc
      .range(0, 1, { partitions: 1 })
      .map(() => process.kill(process.pid, "SIGKILL"))
      .count();
    await expect(kill).rejects.toMatchObject({
      code: "GLOAM_OUT_OF_MEMORY",
      message: expect.stringMatching(/killed.*in partition 0/) as string,
    });
  });

  test("raise the user's errors as threads do", async () => {
    const gc = cluster("local-cluster[1,1,512]", { "task.maxFailures": 1 });
    const failing = gc
      .range(0, 1)
      .map(() => {
        throw Object.assign(new RangeError("too far"), {
          deep: { deep: { deep: { deep: { deep: [[[[[[1n]]]]]] } } } },
        });
      })
      .count();
    await expect(failing).rejects.toMatchObject({
      code: "GLOAM_TASK_FAILED",
      operation: "map",
      cause: { message: "too far" },
    });
    expect(await gc.range(0, 10).count()).toBe(10);
  });

  test("need memory for their slots", () => {
    expect(() => cluster("local-cluster[1,4,256]")).toThrow(expect.objectContaining({ code: "GLOAM_CONF_INVALID" }));
  });
});
