import { attachMemoryPool, createMemoryPool, type Evicted, type OutputHandle } from "@gloam/storage";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WorkerStorage, type TaskScope } from "./worker-storage.ts";

let local = "";
beforeEach(() => {
  local = mkdtempSync(join(tmpdir(), "gloam-worker-storage-"));
});
afterEach(() => rmSync(local, { recursive: true, force: true }));

const chunkBytes = 64 * 1024;
const memoryOnly = { useMemory: true, useDisk: false };
const memoryAndDisk = { useMemory: true, useDisk: true };

/** Two workers of an executor whose memory holds so many chunks. What is asked of the other is done where `isAwake`. */
function workers(chunks: number) {
  const pool = createMemoryPool({ totalBytes: chunks * (chunkBytes + 16 * 1024), slots: 2, guaranteedFraction: 0, heapBudget: 0 }); // prettier-ignore
  const self = { isAwake: true, evicted: [] as Evicted[], asked: 0, pool: attachMemoryPool(pool) };
  const all = [0, 1].map((slot): WorkerStorage => {
    return new WorkerStorage(
      { pool, slot, store: 10 + slot, scratchPath: join(local, "scratch"), slabs: [] },
      {
        onSlab: (slab) => all[1 - slot]?.addSlab(slab),
        onEvicted: (blocks) => self.evicted.push(...blocks),
        onRoomAsked: () => {
          self.asked++;
          if (self.isAwake) all[1 - slot]!.serveRequests();
        },
      },
    );
  });
  const [first, second] = all as [WorkerStorage, WorkerStorage];
  return { ...self, self, first, second };
}

function cache(
  task: TaskScope,
  node: number,
  chunks: number,
  traits: { readonly useMemory: boolean; readonly useDisk: boolean },
): OutputHandle | undefined {
  const writer = task.createCached({ node, partition: 0, traits });
  for (let chunk = 0; chunk < chunks; chunk++) {
    if (writer.append(0, new Uint8Array(chunkBytes).fill(node))) continue;
    writer.abort();
    return undefined;
  }
  return writer.commit().handle;
}

test("a block has room made for it by another worker, once what is there is not read any more", () => {
  const { first, second, self } = workers(8);
  const one = first.beginTask();
  const handle = cache(one, 1, 6, memoryAndDisk)!;
  const two = second.beginTask();
  // What a task has made stays until its end.
  expect(cache(two, 2, 4, memoryOnly)).toBeUndefined();
  expect(self.asked).toBeGreaterThan(0);
  expect(self.evicted).toEqual([]);
  one.end();
  const other = cache(two, 2, 4, memoryOnly)!;
  expect(self.evicted).toMatchObject([{ node: 1, to: "disk", store: 10 }]);
  // And what was evicted is read from disk, by any worker.
  const reading = two.openSegment(handle, 0);
  expect(reading.chunk(5)).toEqual(new Uint8Array(chunkBytes).fill(1));
  reading.close();
  two.end();
  // A task that reads a block keeps it.
  const three = first.beginTask();
  expect(three.openSegment(other, 0).chunk(0)[0]).toBe(2);
  expect(cache(three, 3, 6, memoryOnly)).toBeUndefined();
  three.end();
  const four = first.beginTask();
  expect(cache(four, 3, 6, memoryOnly)).toBeDefined();
  expect(self.evicted.at(-1)).toMatchObject({ node: 2, to: "nowhere", store: 11 });
  expect(() => four.openSegment(other, 0).chunk(0)).toThrow(expect.objectContaining({ code: "GLOAM_FETCH_FAILED" }));
  four.end();
});

test("a worker that does not look up is not waited for for long, and makes room later", () => {
  const { first, second, self } = workers(8);
  const one = first.beginTask();
  cache(one, 1, 6, memoryOnly);
  one.end();
  self.isAwake = false;
  const two = second.beginTask();
  let begin = performance.now();
  expect(cache(two, 2, 4, memoryOnly)).toBeUndefined();
  expect(performance.now() - begin).toBeLessThan(1000);
  begin = performance.now();
  for (let block = 0; block < 10; block++) cache(two, 2, 4, memoryAndDisk);
  expect(performance.now() - begin).toBeLessThan(1000);
  expect(self.evicted).toEqual([]);
  first.serveRequests();
  expect(self.evicted).toMatchObject([{ node: 1, to: "nowhere" }]);
  two.end();
});

test("a block that is dropped while another worker reads it goes with the end of that worker's task, also of an idle one", () => {
  const { first, second, pool, self } = workers(8);
  const one = first.beginTask();
  const [inMemory, onDisk] = [cache(one, 1, 2, memoryOnly)!, cache(one, 2, 2, memoryAndDisk)!];
  one.end();
  const two = second.beginTask();
  for (const handle of [inMemory, onDisk]) two.openSegment(handle, 0);
  for (const handle of [inMemory, onDisk]) first.free(handle);
  expect(pool.usage().storageBytes).toBeGreaterThan(0);
  expect(self.asked).toBe(0);
  two.end();
  expect(pool.usage().storageBytes).toBe(0);
  expect(self.asked).toBe(1);
  // Who has read nothing that others wait for wakes nobody.
  const three = second.beginTask();
  three.openSegment(cache(three, 3, 1, memoryOnly)!, 0);
  three.end();
  expect(self.asked).toBe(1);
});

test("execution gets back what cached blocks have borrowed, and no more", () => {
  const { first, second, pool, self } = workers(16);
  const one = first.beginTask();
  const blocks = Array.from({ length: 14 }, (_, node) => cache(one, node, 1, memoryOnly));
  expect(blocks.filter((block) => block !== undefined).length).toBeGreaterThan(12);
  one.end();
  const two = second.beginTask();
  const kept = self.evicted.length;
  expect(two.memory.acquire(8 * chunkBytes)).toBe(true);
  expect(self.evicted.length).toBeGreaterThan(kept);
  while (two.memory.acquire(chunkBytes));
  expect(pool.usage().storageBytes).toBeGreaterThan(pool.storageLimitBytes - 2 * chunkBytes);
  expect(pool.borrowedBytes).toBe(0);
  two.end();
});
