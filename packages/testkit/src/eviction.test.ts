import { GloamContext, type StorageLevel } from "gloam";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const mebibyte = 2 ** 20;
const partitions = 16;
const contexts: GloamContext[] = [];
let directory = "";

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-evict-"));
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((gc) => gc.stop()));
  rmSync(directory, { recursive: true, force: true });
});

/** A pool of about 96 MiB for each executor. */
function context(master: string): GloamContext {
  const gc = new GloamContext({ master, conf: { "executor.memory": "480m", "memory.fraction": 0.45 } });
  contexts.push(gc);
  return gc;
}

/** An RDD of so many bytes at that level, and how often its partitions were computed. */
function cached(gc: GloamContext, name: string, bytes: number, level: StorageLevel) {
  const tape = join(directory, name);
  const length = 1000;
  const rows = bytes / partitions / (8 * length);
  const rdd = gc
    .range(0, partitions, { partitions })
    .mapPartitions(function* (numbers) {
      appendFileSync(tape, "x");
      for (const number of numbers) {
        for (let row = 0; row < rows; row++) yield new Float64Array(length).fill(number + row);
      }
    })
    .persist(level);
  const computed = (): number => (existsSync(tape) ? readFileSync(tape, "utf8").length : 0);
  const sum = (): Promise<number> => rdd.map((row) => row[0]! + row[length - 1]!).sum();
  return { rdd, computed, sum };
}

/** Blocks that made room for others so far. */
async function evicted(gc: GloamContext): Promise<number> {
  return (await gc.statusTracker.executors()).reduce((sum, { evictedBlocks }) => sum + evictedBlocks, 0);
}

describe.each(["local[2]", "local-cluster[1,2,480]"])("in %s", (master) => {
  test("blocks that make room for others move to disk, where their level has one, and are not computed again", async () => {
    const gc = context(master);
    const all = ["a", "b", "c"].map((name) => cached(gc, name, 64 * mebibyte, "MEMORY_AND_DISK"));
    const first = [];
    for (const { sum } of all) first.push(await sum());
    for (let round = 0; round < 2; round++) {
      for (const [index, { sum }] of all.entries()) expect(await sum()).toBe(first[index]);
    }
    for (const { computed } of all) expect(computed()).toBe(partitions);
    expect(await evicted(gc)).toBeGreaterThan(partitions / 2);
  });

  test("those whose level has no disk are computed again, and the one used last is not", async () => {
    const gc = context(master);
    const [old, used, young] = ["a", "b", "c"].map((name) => cached(gc, name, 24 * mebibyte, "MEMORY_ONLY_SER"));
    const sums = [await old!.sum(), await used!.sum()];
    expect([old!.computed(), used!.computed()]).toEqual([partitions, partitions]);
    expect(await young!.sum()).toBe(sums[0]);
    expect(await young!.sum()).toBe(sums[0]);
    // What was used last is there as far as all three fit.
    expect(young!.computed()).toBe(partitions);
    expect(await used!.sum()).toBe(sums[1]);
    expect(await old!.sum()).toBe(sums[0]);
    expect(used!.computed() + old!.computed()).toBeGreaterThan(2 * partitions);
  });

  test("an RDD that does not fit does not evict itself", async () => {
    const gc = context(master);
    const { sum, computed } = cached(gc, "a", 192 * mebibyte, "MEMORY_ONLY_SER");
    const first = await sum();
    expect(computed()).toBe(partitions);
    expect(await sum()).toBe(first);
    // Some of it stays through all passes; with each block making room for the next, nothing would.
    const again = computed() - partitions;
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThan(partitions);
    expect(await sum()).toBe(first);
    expect(computed() - partitions).toBeLessThanOrEqual(again * 2);
  });

  test("execution gets back what cached blocks have borrowed", async () => {
    const gc = context(master);
    const { sum, computed } = cached(gc, "a", 64 * mebibyte, "MEMORY_AND_DISK");
    const first = await sum();
    const sorted = gc.range(0, 400_000, { partitions: 4 }).map((i) => [(i * 48_271) % 400_009, `${i}`.repeat(4)]);
    expect(await sorted.sortByKey({ partitions: 4 }).keys().take(3)).toEqual([0, 1, 2]); // prettier-ignore
    expect(await sum()).toBe(first);
    expect(computed()).toBe(partitions);
  });
});
