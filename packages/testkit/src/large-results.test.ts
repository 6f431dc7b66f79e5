import { GloamContext } from "gloam";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { childProcesses } from "./child-processes.ts";

const contexts: GloamContext[] = [];

function cluster(conf: Record<string, string | number> = {}): GloamContext {
  const gc = new GloamContext({ master: "local-cluster[2,1,1024]", conf });
  contexts.push(gc);
  return gc;
}

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((gc) => gc.stop()));
});

/** Rows of about a hundred bytes, in eight partitions. */
const rows = (gc: GloamContext, count: number) =>
  gc.range(0, count, { partitions: 8 }).map((i) => `${i} ${"x".repeat(90)} ${i}`);

describe("results that are too large for a report", () => {
  test("come whole, and nobody takes the other for dead meanwhile", async () => {
    // Who says nothing for so long is lost. (On a busy machine an executor takes seconds to start, which counts too.)
    const gc = cluster({ "executor.heartbeatInterval": 100, "network.timeout": 5000 });
    const before = (await gc.ready(), childProcesses("executor/dist/process"));
    const collected = await rows(gc, 400_000).collect();
    expect(collected).toHaveLength(400_000);
    expect(collected.every((row, i) => row.length > 90 && row.startsWith(`${i} `))).toBe(true);
    expect(childProcesses("executor/dist/process")).toEqual(before);
  }, 60_000);

  test("come in another form than elements too", async () => {
    const gc = cluster();
    const longest = await gc
      .range(0, 8, { partitions: 8 })
      .map((i) => ({ i, text: String(i).repeat(300_000) }))
      .reduce((a, b) => (a.i > b.i ? a : b));
    expect(longest).toEqual({ i: 7, text: "7".repeat(300_000) });
  });

  test("are refused by their size, before they come", async () => {
    const gc = cluster({ "driver.maxResultSize": "2m" });
    await expect(rows(gc, 100_000).collect()).rejects.toMatchObject({ code: "GLOAM_RESULT_TOO_LARGE" });
    // The job is over, and nothing of it counts for the next.
    expect(await rows(gc, 10_000).collect()).toHaveLength(10_000);
    let seen = 0;
    for await (const _row of rows(gc, 100_000)) seen++;
    expect(seen).toBe(100_000);
  });

  test("are computed again when their executor is killed", async () => {
    const gc = cluster({ "task.maxFailures": 100 });
    await gc.ready();
    for (let round = 0; round < 4; round++) {
      const collecting = rows(gc, 200_000).collect();
      await sleep(100 + 150 * round);
      const [pid] = childProcesses("executor/dist/process");
      if (pid !== undefined) process.kill(pid, "SIGKILL");
      const collected = await collecting;
      expect(collected).toHaveLength(200_000);
      expect(collected.every((row, i) => row.startsWith(`${i} `))).toBe(true);
    }
  }, 60_000);
});

describe("what is too large for a message", () => {
  test("ends its job and nothing else, on its way to an executor and back", async () => {
    const gc = cluster({ "task.maxFailures": 1 });
    await gc.ready();
    const before = childProcesses("executor/dist/process");
    // 256 MiB and a little.
    const large = new Float64Array(2 ** 25 + 1);
    await expect(gc.parallelize([large], 1).count()).rejects.toMatchObject({ code: "GLOAM_ARGUMENT_INVALID" });
    const longest = gc.accumulator("", (a, b) => (b.length > a.length ? b : a));
    const adding = gc.range(0, 1, { partitions: 1 }).forEach(() => longest.add("x".repeat(2 ** 28 + 1)));
    await expect(adding).rejects.toMatchObject({ code: "GLOAM_RESULT_TOO_LARGE" });
    expect(await gc.range(0, 10, { partitions: 4 }).count()).toBe(10);
    expect(childProcesses("executor/dist/process")).toEqual(before);
  }, 60_000);
});
