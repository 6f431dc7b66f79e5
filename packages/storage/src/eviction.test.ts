import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BlockStore } from "./block-store.ts";
import { nodeFileOperations, type FileOperations } from "./file-operations.ts";
import { attachMemoryPool, createMemoryPool, type MemoryPool } from "./memory-pool.ts";
import { OrphanedOutputs } from "./orphaned-outputs.ts";
import type { OutputHandle } from "./output-handle.ts";
import { pageBytes } from "./page.ts";
import { ScratchDirectory } from "./scratch-directory.ts";
import { openSegment } from "./segment-reader.ts";
import { SlabAllocator } from "./slab-allocator.ts";
import { SlabRegistry } from "./slab-registry.ts";

let local: string;
beforeEach(() => void (local = mkdtempSync(join(tmpdir(), "gloam-eviction-"))));
afterEach(() => rmSync(local, { recursive: true, force: true }));

const chunkBytes = 64 * 1024;
const memoryOnly = { useMemory: true, useDisk: false };
const memoryAndDisk = { useMemory: true, useDisk: true };
const diskOnly = { useMemory: false, useDisk: true };
/** The main thread, as a reader; the store's own thread is 0. */
const reader = 1;

interface Fixture {
  readonly pool: MemoryPool;
  readonly registry: SlabRegistry;
  readonly store: BlockStore;
  readonly directory: ScratchDirectory;
  /** Bytes that were asked for, and for which node. */
  readonly asked: [number, number][];
  /** Answers when room is asked for; nobody makes any by default. */
  makeRoom: (bytes: number, node: number) => boolean;
}

function fixture(chunks: number, operations?: Partial<FileOperations>): Fixture {
  const totalBytes = chunks * (chunkBytes + pageBytes);
  const pool = attachMemoryPool(createMemoryPool({ totalBytes, slots: 1, guaranteedFraction: 0, heapBudget: 0 }));
  const registry = new SlabRegistry();
  const directory = new ScratchDirectory({
    path: join(local, "scratch"),
    prefix: "t0",
    operations: { ...nodeFileOperations, ...operations },
  });
  const self: Fixture = {
    ...{ pool, registry, directory, asked: [], makeRoom: () => false },
    store: new BlockStore({
      id: 1,
      memory: pool.storage(0),
      slabs: new SlabAllocator({
        nextId: () => pool.nextId(),
        slabBytes: 2 ** 20,
        onSlab: (slab) => registry.add(slab),
      }),
      directory,
      checksumMemory: false,
      eviction: {
        leases: pool.leases,
        thread: 0,
        onEvictable: (bytes) => pool.setEvictable(0, Math.floor(bytes / pageBytes)),
        onDoomed: (blocks) => pool.setDoomed(0, blocks),
        makeRoom: (bytes, node) => {
          self.asked.push([bytes, node]);
          return self.makeRoom(bytes, node);
        },
      },
    }),
  };
  return self;
}

const chunkOf = (value: number): Uint8Array => new Uint8Array(chunkBytes).fill(value);

/** Caches a block of some chunks; undefined where there is no room. */
function cache(
  { store }: Fixture,
  node: number,
  partition: number,
  traits: { readonly useMemory: boolean; readonly useDisk: boolean },
  chunks = 1,
): OutputHandle | undefined {
  const writer = store.createCached({ node, partition, traits });
  for (let chunk = 0; chunk < chunks; chunk++) {
    if (writer.append(0, chunkOf(node * 16 + partition + chunk))) continue;
    writer.abort();
    return undefined;
  }
  return writer.commit().handle;
}

/** The first byte of each chunk, as any thread reads it. */
function read({ pool, registry }: Fixture, handle: OutputHandle): number[] {
  const isThere = handle.lease === undefined || pool.leases.pin(handle.lease, reader);
  const segment = openSegment(structuredClone(handle), 0, registry, undefined, !isThere);
  const bytes = Array.from({ length: segment.chunks }, (_, index) => {
    const chunk = segment.chunk(index);
    expect(chunk.every((byte) => byte === chunk[0])).toBe(true);
    return chunk[0]!;
  });
  segment.close();
  if (isThere && handle.lease !== undefined) pool.leases.unpin(handle.lease, reader);
  return bytes;
}

test("a block that is evicted to disk is read by the handle that it had before", () => {
  const all = fixture(8);
  const handle = cache(all, 1, 0, memoryAndDisk, 3)!;
  expect(read(all, handle)).toEqual([16, 17, 18]);
  const { memoryBytes } = all.store.usage();
  expect(all.store.evict(1)).toEqual([{ store: 1, output: 0, node: 1, partition: 0, to: "disk", bytes: memoryBytes }]);
  expect(all.store.usage()).toMatchObject({ outputs: 1, memoryBytes: 0, diskBytes: 3 * chunkBytes });
  expect(all.pool.usage().storageBytes).toBe(0);
  // Something else lies where it lay.
  const other = cache(all, 2, 0, memoryAndDisk, 3)!;
  expect(read(all, handle)).toEqual([16, 17, 18]);
  expect(read(all, other)).toEqual([32, 33, 34]);
  all.store.free(handle);
  expect(existsSync(handle.evictedFile!)).toBe(false);
  all.store.freeAll();
  expect(readdirSync(join(local, "scratch"))).toEqual([]);
});

test("a block whose level has no disk is dropped, and reading it fails with a code", () => {
  const all = fixture(8);
  const handle = cache(all, 1, 0, memoryOnly, 2)!;
  expect(all.store.evict(1)).toMatchObject([{ to: "nowhere" }]);
  expect(all.store.usage()).toMatchObject({ outputs: 0, memoryBytes: 0, diskBytes: 0 });
  expect(() => read(all, handle)).toThrow(expect.objectContaining({ code: "GLOAM_FETCH_FAILED" }));
  // That the driver has it freed later is no error.
  all.store.free(handle);
});

test("DISK_ONLY takes no memory, and MEMORY_ONLY no disk", () => {
  const all = fixture(4);
  const onDisk = cache(all, 1, 0, diskOnly, 3)!;
  expect(all.store.usage()).toMatchObject({ memoryBytes: 0, diskBytes: 3 * chunkBytes });
  expect(onDisk.lease).toBeUndefined();
  expect(read(all, onDisk)).toEqual([16, 17, 18]);
  expect(cache(all, 2, 0, memoryOnly, 8)).toBeUndefined();
  expect(all.store.usage()).toMatchObject({ outputs: 1, openOutputs: 0, memoryBytes: 0, diskBytes: 3 * chunkBytes });
});

test("the RDD that was not used for longest goes first, and of it the partitions that were not", () => {
  const all = fixture(40);
  const blocks = new Map<string, OutputHandle>();
  for (const node of [1, 2, 3]) {
    for (const partition of [0, 1]) blocks.set(`${node}/${partition}`, cache(all, node, partition, memoryAndDisk)!);
  }
  const order = (): string[] => {
    const [block] = all.store.evict(1);
    return block === undefined ? [] : [`${block.node}/${block.partition}`];
  };
  // A use of one partition is a use of its RDD.
  read(all, blocks.get("1/0")!);
  expect(order()).toEqual(["2/0"]);
  read(all, blocks.get("2/1")!);
  expect([order(), order(), order(), order(), order(), order()]).toEqual([
    ["3/0"],
    ["3/1"],
    ["1/1"],
    ["1/0"],
    ["2/1"],
    [],
  ]);
});

test("what is read stays, and so do blocks of a node that is spared or being written", () => {
  const all = fixture(40);
  const [first, second] = [cache(all, 1, 0, memoryOnly)!, cache(all, 1, 1, memoryOnly)!];
  cache(all, 2, 0, memoryOnly);
  const writing = all.store.createCached({ node: 2, partition: 1, traits: memoryOnly });
  all.pool.leases.pin(first.lease!, reader);
  expect(all.store.evict(Infinity, 1)).toEqual([]);
  expect(all.store.evict(Infinity).map(({ output }) => output)).toEqual([second.output]);
  writing.abort();
  expect(all.store.evict(Infinity)).toMatchObject([{ node: 2, partition: 0 }]);
  all.pool.leases.unpin(first.lease!, reader);
  expect(all.store.evict(Infinity)).toMatchObject([{ node: 1, partition: 0 }]);
});

test("a block that is freed while somebody reads it is freed afterwards", () => {
  const all = fixture(8);
  const handle = cache(all, 1, 0, memoryOnly)!;
  all.pool.leases.pin(handle.lease!, reader);
  all.store.free(handle);
  all.store.sweep();
  expect(all.pool.usage().storageBytes).toBeGreaterThan(0);
  expect(all.pool.hasDoomed(0)).toBe(true);
  all.pool.leases.unpin(handle.lease!, reader);
  all.store.sweep();
  expect(all.pool.hasAnyDoomed).toBe(false);
  expect(all.pool.usage().storageBytes).toBe(0);
  expect(all.pool.leases.pin(handle.lease!, reader)).toBe(false);
});

test("a block that does not fit has room made for it, and goes where its level says otherwise", () => {
  const all = fixture(8);
  for (let partition = 0; partition < 7; partition++) cache(all, 1, partition, memoryAndDisk);
  expect(cache(all, 2, 0, memoryOnly, 3)).toBeUndefined();
  expect(all.asked.at(-1)?.[1]).toBe(2);
  expect(all.asked.at(-1)?.[0]).toBeGreaterThanOrEqual(chunkBytes);
  const partly = cache(all, 2, 0, memoryAndDisk, 3)!;
  expect(read(all, partly)).toEqual([32, 33, 34]);
  expect(all.store.usage().diskBytes).toBeGreaterThan(0);
  all.makeRoom = (bytes, node) => all.store.evict(bytes, node).length > 0;
  expect(read(all, cache(all, 3, 0, memoryOnly, 3)!)).toEqual([48, 49, 50]);
  // One that lies half in memory and half on disk is read as before when it has been evicted.
  all.store.evict(Infinity);
  expect(read(all, partly)).toEqual([32, 33, 34]);
});

test("a disk that is full leaves the block where it is", () => {
  const all = fixture(8, {
    writeSync: () => {
      throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
    },
  });
  const handle = cache(all, 1, 0, memoryAndDisk)!;
  expect(all.store.evict(1)).toEqual([]);
  expect(read(all, handle)).toEqual([16]);
});

test("cached blocks may borrow what execution does not use, other outputs may not", () => {
  const all = fixture(16);
  const { storageLimitBytes, totalBytes } = all.pool;
  let cached = 0;
  while (cache(all, 1, cached, memoryOnly) !== undefined) cached++;
  expect(cached * chunkBytes).toBeGreaterThan(storageLimitBytes * 1.5);
  expect(all.pool.borrowedBytes).toBeGreaterThan(0);
  const execution = all.pool.execution(0);
  all.pool.setActive(0, true);
  expect(execution.acquire(totalBytes / 4)).toBe(false);
  all.store.evict(all.pool.borrowedBytes);
  expect(execution.acquire(totalBytes / 4)).toBe(true);
  execution.empty();
  const plain = all.store.create(1);
  plain.append(0, chunkOf(1));
  plain.commit();
  // What execution left to storage is full.
  expect(all.store.usage().diskBytes).toBe(chunkBytes);
});

test("a thread is asked for room by others, once for all that they asked", () => {
  const pool = attachMemoryPool(createMemoryPool({ totalBytes: 2 ** 24, slots: 3, heapBudget: 0 }));
  expect(pool.askForRoom(0, 5 * pageBytes, 7)).toBe(false);
  pool.setEvictable(1, 2);
  pool.setEvictable(2, 10);
  expect(pool.askForRoom(0, 5 * pageBytes, 7)).toBe(true);
  expect([1, 2, 3].map((slot) => pool.isAskedForRoom(slot))).toEqual([false, true, false]);
  expect(pool.askForRoom(1, pageBytes, undefined)).toBe(true);
  expect(pool.takeRequest(2)).toEqual({ bytes: 6 * pageBytes, sparing: undefined });
  expect(pool.isAskedForRoom(2)).toBe(false);
  expect(pool.askForRoom(3, 12 * pageBytes, 0)).toBe(true);
  expect(pool.takeRequest(2)).toEqual({ bytes: 10 * pageBytes, sparing: 0 });
  expect(pool.takeRequest(1)).toEqual({ bytes: 2 * pageBytes, sparing: 0 });
});

test("evicted blocks of a worker that dies are read and freed as others", () => {
  const all = fixture(8);
  const { pool, registry, directory } = all;
  const [evicted, kept] = [cache(all, 1, 0, memoryAndDisk)!, cache(all, 2, 0, memoryAndDisk)!];
  expect(all.store.evict(1)).toMatchObject([{ node: 1 }]);
  const memory = pool.storage(1);
  const orphans = new OrphanedOutputs({
    ...{ memory, directory, leases: pool.leases },
    onDrop: (slab) => registry.drop(slab),
  });
  orphans.adopt(1, [...registry.slabs()].map(({ id }) => id), [evicted, kept]); // prettier-ignore
  pool.reset(0);
  expect(memory.bytes).toBeGreaterThan(chunkBytes);
  expect(memory.bytes).toBeLessThan(2 * chunkBytes);
  expect([read(all, evicted), read(all, kept)]).toEqual([[16], [32]]);
  orphans.free(evicted);
  orphans.free(kept);
  expect(memory.bytes).toBe(0);
  expect(existsSync(evicted.evictedFile!)).toBe(false);
});

test("whatever is cached, read, evicted and freed, every block reads as it was written or says that it is gone", () => {
  const step = fc.record({
    kind: fc.constantFrom("cache", "read", "evict", "free"),
    node: fc.nat(3),
    chunks: fc.integer({ min: 1, max: 3 }),
    traits: fc.constantFrom(memoryOnly, memoryAndDisk, diskOnly),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const all = fixture(12);
      all.makeRoom = (bytes, node) => all.store.evict(bytes, node).length > 0;
      const known = new Map<OutputHandle, { readonly expected: number[]; readonly mayGo: boolean }>();
      let partition = 0;
      for (const { kind, node, chunks, traits } of steps) {
        const [some] = [...known].slice(partition % Math.max(1, known.size));
        if (kind === "cache") {
          const handle = cache(all, node, partition++, traits, chunks);
          const first = node * 16 + partition - 1;
          const expected = Array.from({ length: chunks }, (_, chunk) => (first + chunk) % 256);
          if (handle !== undefined) known.set(handle, { expected, mayGo: !traits.useDisk });
        } else if (kind === "evict") all.store.evict(chunks * chunkBytes, node);
        else if (some !== undefined && kind === "free") {
          all.store.free(some[0]);
          known.delete(some[0]);
        }
        for (const [handle, { expected, mayGo }] of known) {
          if (mayGo && handle.lease !== undefined && !all.pool.leases.isOpen(handle.lease)) continue;
          expect(read(all, handle)).toEqual(expected);
        }
      }
      all.store.freeAll();
      expect(all.store.usage()).toEqual({ outputs: 0, openOutputs: 0, memoryBytes: 0, diskBytes: 0 });
      expect(all.pool.usage().storageBytes).toBe(0);
      if (existsSync(join(local, "scratch"))) expect(readdirSync(join(local, "scratch"))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
