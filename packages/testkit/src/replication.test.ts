import { GloamContext } from "gloam";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { childProcesses } from "./child-processes.ts";
import { runProgram } from "./run-program.ts";

const partitions = 8;
const contexts: GloamContext[] = [];
let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-replication-"));
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((gc) => gc.stop()));
  rmSync(directory, { recursive: true, force: true });
});

const executors = (): number[] => childProcesses("executor/dist/process");

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  let is = await isSo();
  for (let wait = 0; wait < 300 && !is; wait++) {
    await sleep(50);
    is = await isSo();
  }
  expect(is).toBe(true);
}

async function cluster(): Promise<GloamContext> {
  const gc = new GloamContext({ master: "local-cluster[2,1,512]", conf: { "executor.heartbeatInterval": 100 } });
  contexts.push(gc);
  await until(async () => (await gc.statusTracker.executors()).length === 2);
  return gc;
}

/** Bytes of blocks that executors have got from each other. */
async function fetched(gc: GloamContext): Promise<number> {
  return (await gc.statusTracker.executors()).reduce((sum, { fetchedBytes }) => sum + fetchedBytes, 0);
}

/** An RDD that writes down whenever a partition is computed. */
function counted(gc: GloamContext) {
  const tape = join(directory, "computed");
  const rdd = gc.range(0, 80_000, { partitions }).mapPartitions(function* (numbers) {
    appendFileSync(tape, "x");
    for (const number of numbers) yield [number, Math.random()] as const;
  });
  return { rdd, computed: () => readFileSync(tape, "utf8").length };
}

/** Bytes of a number and a float for each element, in blocks. */
const leastBytes = 80_000 * 12;

describe.each(["MEMORY_ONLY_2", "MEMORY_AND_DISK_SER_2", "DISK_ONLY_2"] as const)("%s", (level) => {
  test("an executor that is killed costs no recomputation, nor does the next", async () => {
    const gc = await cluster();
    const { rdd, computed } = counted(gc);
    rdd.persist(level);
    const first = await rdd.collect();
    expect(computed()).toBe(partitions);
    await until(async () => (await fetched(gc)) >= leastBytes);
    await sleep(200);
    const [pid = 0] = executors();
    process.kill(pid, "SIGKILL");
    await until(() => !executors().includes(pid));
    expect(await rdd.collect()).toEqual(first);
    expect(computed()).toBe(partitions);
    // The one that takes its place gets copies of all, so that the other may go as well.
    await until(async () => executors().length === 2 && (await gc.statusTracker.executors()).length === 2);
    const [other = 0] = executors().filter((each) => each !== pid);
    const before = await fetched(gc);
    await until(async () => (await fetched(gc)) >= leastBytes || (await fetched(gc)) - before >= leastBytes);
    await sleep(300);
    process.kill(other, "SIGKILL");
    await until(() => !executors().includes(other));
    expect(await rdd.collect()).toEqual(first);
    expect(computed()).toBe(partitions);
  }, 60_000);
});

test("an executor that is killed while a job reads its blocks costs no recomputation either", async () => {
  const gc = await cluster();
  const { rdd, computed } = counted(gc);
  rdd.persist("MEMORY_ONLY_2");
  const first = await rdd.count();
  await until(async () => (await fetched(gc)) >= leastBytes);
  await sleep(200);
  const slow = rdd
    .mapPartitions((rows) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
      return rows;
    })
    .coalesce(4)
    .count();
  await sleep(150);
  const [pid = 0] = executors();
  process.kill(pid, "SIGKILL");
  expect(await slow).toBe(first);
  expect(computed()).toBe(partitions);
}, 60_000);

test("a local checkpoint goes with its executor, unless there is a second copy", async () => {
  const gc = await cluster();
  const [once, twice] = [counted(gc).rdd, counted(gc).rdd];
  once.localCheckpoint();
  twice.persist("MEMORY_ONLY_2").localCheckpoint();
  await once.count();
  const kept = await twice.collect();
  await until(async () => (await fetched(gc)) >= leastBytes);
  await sleep(200);
  const [pid = 0] = executors();
  process.kill(pid, "SIGKILL");
  await until(() => !executors().includes(pid));
  await expect(once.count()).rejects.toMatchObject({ code: "GLOAM_CHECKPOINT_LOST" });
  expect(await twice.collect()).toEqual(kept);
}, 60_000);

test.each(["local[2]", "local-cluster[1,1,512]"])(
  "with one executor blocks are kept once, and that is said once: %s",
  async (master) => {
    const { output, complaints } = await runProgram("keeps-twice.mjs", { parameters: [master] });
    expect(output).toBe("45\n45\n45\n");
    expect(complaints.match(/asks for a copy on a second executor/g)).toHaveLength(1);
  },
);
