import { GloamContext, taskContext } from "gloam";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

/** Two executors of one slot, both there. */
async function pair(conf: Record<string, string | number | boolean> = {}): Promise<GloamContext> {
  const gc = new GloamContext({ master: "local-cluster[2,1,512]", conf: { "scheduler.mode": "FAIR", ...conf } });
  await gc.ready();
  while ((await gc.statusTracker.executors()).length < 2) await sleep(20);
  return gc;
}

test("tasks run where their cached partitions are", async () => {
  await using gc = await pair();
  const cached = gc
    .range(0, 8, { partitions: 8 })
    .map((i) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 30);
      return { i, pid: process.pid };
    })
    .cache();
  const first = await cached.collect();
  expect(new Set(first.map(({ pid }) => pid)).size).toBe(2);
  for (let round = 0; round < 3; round++) {
    const places = await cached.map(({ i, pid }) => ({ i, pid, reader: process.pid })).collect();
    expect(places).toEqual(first.map(({ i, pid }) => ({ i, pid, reader: pid })));
  }
});

test("a task that is slow where it runs gets a second attempt elsewhere, and its output is committed once", async () => {
  await using gc = await pair({ speculation: true, "speculation.quantile": 0.5 });
  const directory = mkdtempSync(join(tmpdir(), "gloam-test-"));
  try {
    const begin = performance.now();
    await gc
      .range(0, 6, { partitions: 6 })
      .map((i) => {
        const isSlow = i === 3 && taskContext().attempt === 0;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, isSlow ? 60_000 : 50);
        return `line ${i}`;
      })
      .saveAsTextFile(join(directory, "out"));
    expect(performance.now() - begin).toBeLessThan(30_000);
    const files = readdirSync(join(directory, "out")).filter((name) => name.startsWith("part-"));
    expect(files).toHaveLength(6);
    const lines = files
      .sort((a, b) => a.localeCompare(b))
      .map((name) => readFileSync(join(directory, "out", name), "utf8"));
    expect(lines).toEqual(Array.from({ length: 6 }, (_, i) => `line ${i}\n`));
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("tasks are kept away from an executor that fails them, until its time is over", async () => {
  await using gc = await pair({
    "excludeOnFailure.enabled": true,
    "excludeOnFailure.timeout": 3000,
    "task.maxFailures": 2,
  });
  const places = (): Promise<number[]> =>
    gc
      .range(0, 12, { partitions: 12 })
      .map(() => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
        return process.pid;
      })
      .collect();
  const [bad, good] = [...new Set(await places())];
  expect(good).toBeDefined();
  const job = gc.range(0, 12, { partitions: 12 }).map((i) => {
    if (process.pid === bad) throw new Error("a broken disk, say");
    return i;
  });
  expect(await job.collect()).toEqual(Array.from({ length: 12 }, (_, i) => i));
  expect(new Set(await places())).toEqual(new Set([good]));
  await sleep(3500);
  expect(new Set(await places())).toEqual(new Set([bad, good]));
});

test("jobs of several pools and groups run at once, and a group can be cancelled", async () => {
  await using gc = await pair();
  const slow = gc.range(0, 8, { partitions: 8 }).map((i) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
    return i;
  });
  const cancelled = slow.collect({ jobGroup: "endless", pool: "slow" });
  const refused = expect(cancelled).rejects.toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
  const counts = Array.from({ length: 5 }, (_, n) => gc.range(0, 100 * n, { partitions: 3 }).count({ pool: "quick" }));
  await sleep(500);
  gc.cancelJobGroup("endless");
  await refused;
  expect(await Promise.all(counts)).toEqual([0, 100, 200, 300, 400]);
});
