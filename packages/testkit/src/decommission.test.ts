import { GloamContext } from "gloam";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { childProcesses } from "./child-processes.ts";

const contexts: GloamContext[] = [];
let directory = "";

function cluster(master: string, conf: Record<string, string | number | boolean> = {}): GloamContext {
  const gc = new GloamContext({ master, conf });
  contexts.push(gc);
  return gc;
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-decommission-"));
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((gc) => gc.stop()));
  rmSync(directory, { recursive: true, force: true });
});

const executors = (): number[] => childProcesses("executor/dist/process");

/** Waits until something is so. */
async function until(isSo: () => boolean): Promise<void> {
  for (let wait = 0; wait < 300 && !isSo(); wait++) await sleep(50);
  expect(isSo()).toBe(true);
}

/** Waits until so many executors take tasks: a context is ready with the first. */
async function ready(gc: GloamContext, count: number): Promise<void> {
  const seen = new Set<number>();
  for (let round = 0; round < 100 && seen.size < count; round++) {
    for (const pid of await gc
      .range(0, 40, { partitions: 40 })
      .map(() => process.pid)
      .collect())
      seen.add(pid);
    await sleep(50);
  }
  expect(seen.size).toBe(count);
}

/** A file in which tasks write a word each. */
function tape(name: string) {
  const path = join(directory, name);
  const words = (): string[] => (existsSync(path) ? readFileSync(path, "utf8").trim().split(/\s+/) : []);
  return { path, words };
}

describe("an executor that is told to go", () => {
  test("gives its blocks to others first, and nothing that they hold is computed again", async () => {
    const gc = cluster("local-cluster[2,1,512]");
    await ready(gc, 2);
    const { path, words } = tape("computed");
    const sums = gc
      .range(0, 60_000, { partitions: 6 })
      .mapPartitions((rows) => {
        appendFileSync(path, "map ");
        return rows;
      })
      .map((i) => [i % 1000, i])
      .reduceByKey((a, b) => a + b, 4);
    const cached = sums
      .mapPartitions((rows) => {
        appendFileSync(path, "reduce ");
        return rows;
      })
      .cache();
    const once = [..."map ".repeat(6).trim().split(" "), ..."reduce ".repeat(4).trim().split(" ")];
    const expected = await cached.map(([, sum]) => sum).sum();
    expect(words().sort()).toEqual(once);
    // Each of the two, one after the other: in the end all blocks have moved.
    for (const pid of executors()) {
      process.kill(pid, "SIGTERM");
      await until(() => !executors().includes(pid));
    }
    expect(await cached.map(([, sum]) => sum).sum()).toBe(expected);
    // The map outputs are there too.
    expect(await sums.map(([, sum]) => sum).sum()).toBe(expected);
    expect(words().sort()).toEqual(once);
  });

  test("in the middle of a stage that reads what it holds finishes its tasks, and none runs again", async () => {
    const gc = cluster("local-cluster[2,2,1024]");
    await ready(gc, 2);
    const { path, words } = tape("reduced");
    const go = join(directory, "go");
    const sum = gc
      .range(0, 40_000, { partitions: 8 })
      .map((i) => [i % 100, i])
      .reduceByKey((a, b) => a + b, 12)
      .mapPartitions((rows) => {
        appendFileSync(path, "reduce ");
        const cell = new Int32Array(new SharedArrayBuffer(4));
        while (!existsSync(go)) Atomics.wait(cell, 0, 0, 20);
        return rows;
      })
      .map(([, each]) => each)
      .sum();
    await until(() => words().length >= 4);
    const [pid = 0] = executors();
    process.kill(pid, "SIGTERM");
    await sleep(300);
    expect(executors()).toContain(pid);
    writeFileSync(go, "");
    expect(await sum).toBe((40_000 * 39_999) / 2);
    await until(() => !executors().includes(pid));
    expect(words()).toHaveLength(12);
  });

  test("ends when its time is over, and what it ran runs elsewhere", async () => {
    const gc = cluster("local-cluster[2,1,512]", {
      "executor.decommission.forceKillTimeout": 400,
      "task.maxFailures": 1,
    });
    await ready(gc, 2);
    const { path, words } = tape("slow");
    const go = join(directory, "go");
    const count = gc
      .range(0, 2, { partitions: 2 })
      .map((i) => {
        appendFileSync(path, `${process.pid} `);
        const cell = new Int32Array(new SharedArrayBuffer(4));
        while (!existsSync(go)) Atomics.wait(cell, 0, 0, 20);
        return i;
      })
      .count();
    await until(() => words().length === 2);
    const pid = Number(words()[0]);
    process.kill(pid, "SIGTERM");
    await until(() => !executors().includes(pid));
    writeFileSync(go, "");
    expect(await count).toBe(2);
    expect(words()).toHaveLength(3);
  });
});

describe("executors that come and go", () => {
  test("are let go when they have nothing to do, and asked for again when a job comes", async () => {
    const gc = cluster("local-cluster[2,1,512]", {
      "dynamicAllocation.enabled": true,
      "dynamicAllocation.executorIdleTimeout": 600,
      "dynamicAllocation.schedulerBacklogTimeout": 100,
    });
    await gc.ready();
    expect(await gc.range(0, 100).sum()).toBe(4950);
    await until(() => executors().length === 0);
    const { path, words } = tape("pids");
    const busy = gc
      .range(0, 24, { partitions: 24 })
      .map((i) => {
        appendFileSync(path, `${process.pid} `);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
        return i;
      })
      .sum();
    expect(await busy).toBe(276);
    expect(new Set(words()).size).toBe(2);
    await until(() => executors().length === 0);
  }, 60_000);

  test("leave what is cached to the last of them, which stays", async () => {
    const gc = cluster("local-cluster[2,1,512]", {
      "dynamicAllocation.enabled": true,
      "dynamicAllocation.minExecutors": 0,
      "dynamicAllocation.executorIdleTimeout": 600,
      "dynamicAllocation.schedulerBacklogTimeout": 50,
    });
    const { path, words } = tape("cached");
    const cached = gc
      .range(0, 24, { partitions: 24 })
      .map((i) => {
        appendFileSync(path, `${i} `);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 150);
        return i;
      })
      .cache();
    expect(await cached.sum()).toBe(276);
    await until(() => executors().length === 1);
    await sleep(1500);
    expect(executors()).toHaveLength(1);
    expect(await cached.sum()).toBe(276);
    expect(words()).toHaveLength(24);
    cached.unpersist();
    await until(() => executors().length === 0);
  }, 60_000);
});

test("fewer executors at most than at least are refused", () => {
  const conf = { "dynamicAllocation.enabled": true, "dynamicAllocation.minExecutors": 3 };
  expect(() => cluster("local-cluster[2,1,512]", conf)).toThrow(
    expect.objectContaining({ code: "GLOAM_CONF_INVALID" }),
  );
});
