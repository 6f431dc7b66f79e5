import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { PlannedChunk } from "@gloam/plan";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BlockStore } from "./block-store.ts";
import { nodeFileOperations, type FileOperations } from "./file-operations.ts";
import { attachMemoryPool, createMemoryPool, type MemoryPool } from "./memory-pool.ts";
import { OrphanedOutputs } from "./orphaned-outputs.ts";
import type { OutputHandle } from "./output-handle.ts";
import { ScratchDirectory } from "./scratch-directory.ts";
import { openSegment } from "./segment-reader.ts";
import { SlabAllocator, type Slab } from "./slab-allocator.ts";
import { SlabRegistry } from "./slab-registry.ts";

let local: string;
beforeEach(() => void (local = mkdtempSync(join(tmpdir(), "gloam-storage-"))));
afterEach(() => rmSync(local, { recursive: true, force: true }));

const allZero = { outputs: 0, openOutputs: 0, memoryBytes: 0, diskBytes: 0 };

interface Fixture {
  readonly pool: MemoryPool;
  readonly registry: SlabRegistry;
  readonly slabs: SlabAllocator;
  readonly directory: ScratchDirectory;
  readonly store: BlockStore;
}

function fixture(memoryBytes: number, operations?: Partial<FileOperations>): Fixture {
  const pool = attachMemoryPool(
    createMemoryPool({
      totalBytes: 2 * memoryBytes,
      slots: 1,
      storageFraction: 0.5,
      guaranteedFraction: 0,
      heapBudget: 0,
    }),
  );
  const registry = new SlabRegistry();
  const slabs = new SlabAllocator({
    nextId: () => pool.nextId(),
    slabBytes: 256 * 1024,
    onSlab: (slab) => registry.add(slab),
  });
  const directory = new ScratchDirectory({
    path: join(local, "scratch"),
    prefix: "t0",
    operations: { ...nodeFileOperations, ...operations },
  });
  const store = new BlockStore({ id: pool.nextId(), memory: pool.storage(0), slabs, directory, checksumMemory: false });
  return { pool, registry, slabs, directory, store };
}

function readAll(handle: OutputHandle, segment: number, registry: SlabRegistry): number[][] {
  const reader = openSegment(structuredClone(handle), segment, registry);
  const chunks = Array.from({ length: reader.chunks }, (_, index) => [...reader.chunk(index)]);
  expect(reader.bytes).toBe(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  reader.close();
  return chunks;
}

/** A chunk that writes itself. */
function planned(chunk: Uint8Array): PlannedChunk {
  return {
    byteLength: chunk.byteLength,
    write(target, offset) {
      expect(offset % 8).toBe(0);
      target.set(chunk, offset);
    },
  };
}

test("segments give back their chunks in order, from memory and from disk", () => {
  const appends = fc.array(fc.tuple(fc.nat(4), fc.uint8Array({ maxLength: 3_000 })), { maxLength: 60 });
  fc.assert(
    fc.property(appends, fc.constantFrom(0, 32 * 1024, 2 ** 20), (chunks, memoryBytes) => {
      const { pool, registry, slabs, directory, store } = fixture(memoryBytes);
      const writer = store.create(5);
      const expected: number[][][] = [[], [], [], [], []];
      for (const [index, [segment, chunk]] of chunks.entries()) {
        writer.append(segment, index % 2 === 0 ? chunk : planned(chunk));
        expected[segment]!.push([...chunk]);
      }
      const { handle, sizes } = writer.commit();
      expect(expected.map((_, segment) => readAll(handle, segment, registry))).toEqual(expected);
      expect([...sizes]).toEqual(expected.map((segment) => segment.flat().length));
      const usage = store.usage();
      expect(usage.outputs).toBe(1);
      expect(slabs.usedBytes).toBe(usage.memoryBytes);
      if (memoryBytes === 0) expect(usage.diskBytes).toBe(chunks.reduce((sum, [, chunk]) => sum + chunk.length, 0));
      store.free(structuredClone(handle));
      store.free(handle);
      expect(store.usage()).toEqual(allZero);
      expect(slabs.usedBytes).toBe(0);
      expect(pool.usage().storageBytes).toBe(0);
      directory.remove();
    }),
    { numRuns: 60 },
  );
});

test("a handle costs 24 bytes for each chunk and nothing for empty segments", () => {
  const { store } = fixture(2 ** 20);
  const writer = store.create(10_000);
  writer.append(7_000, Uint8Array.of(1));
  writer.append(3, Uint8Array.of(2));
  expect(writer.commit().handle.extents.buffer.byteLength).toBe(48);
});

test("aborted and open outputs leave nothing", () => {
  const { pool, slabs, directory, store } = fixture(32 * 1024);
  for (const abort of [
    (writer: ReturnType<BlockStore["create"]>) => writer.abort(),
    () => store.abortOpen(),
    () => store.freeAll(),
  ]) {
    const writer = store.create(2);
    writer.append(0, new Uint8Array(20_000));
    writer.append(1, new Uint8Array(100_000));
    expect(store.usage().openOutputs).toBe(1);
    expect(readdirSync(directory.path)).toHaveLength(1);
    abort(writer);
    expect(store.usage()).toEqual(allZero);
    expect(slabs.usedBytes).toBe(0);
    expect(pool.usage().storageBytes).toBe(0);
    expect(readdirSync(directory.path)).toEqual([]);
    expect(() => writer.append(0, new Uint8Array(1))).toThrow("GLOAM_INTERNAL");
  }
});

test("a disk that fills up fails the output and leaves nothing", () => {
  const { store, slabs } = fixture(0, {
    writeSync: () => {
      throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    },
  });
  const small = store.create(1);
  small.append(0, new Uint8Array(10));
  expect(() => small.commit()).toThrow(/GLOAM_SCRATCH_UNUSABLE.*ENOSPC/);
  const large = store.create(1);
  expect(() => large.append(0, new Uint8Array(100_000))).toThrow(/GLOAM_SCRATCH_UNUSABLE.*ENOSPC/);
  store.abortOpen();
  expect(store.usage()).toEqual(allZero);
  expect(slabs.usedBytes).toBe(0);
});

test("missing and damaged blocks are typed errors", () => {
  const { store, directory, registry, slabs } = fixture(0);
  const writer = store.create(1);
  const chunk = new Uint8Array(1_000).fill(9);
  writer.append(0, chunk);
  const { handle } = writer.commit();
  const path = join(directory.path, readdirSync(directory.path)[0]!);
  const read = (): unknown => openSegment(handle, 0, registry).chunk(0);
  writeFileSync(path, chunk.fill(8));
  expect(read).toThrow(/GLOAM_BLOCK_CORRUPT.*checksum/);
  truncateSync(path, 500);
  expect(read).toThrow(/GLOAM_BLOCK_CORRUPT.*ends at 500/);
  rmSync(path);
  expect(read).toThrow(/GLOAM_FETCH_FAILED.*ENOENT/);
  expect(slabs.slabCount).toBe(0);

  const inMemory = fixture(2 ** 20);
  const kept = inMemory.store.create(1);
  kept.append(0, chunk);
  expect(() => openSegment(kept.commit().handle, 0, new SlabRegistry()).chunk(0)).toThrow("GLOAM_FETCH_FAILED");
});

test("a dead worker's outputs stay readable until they are freed, then its slabs are dropped", () => {
  const { pool, registry, store, directory } = fixture(1 << 20);
  const commit = (bytes: number): OutputHandle => {
    const writer = store.create(1);
    writer.append(0, new Uint8Array(bytes).fill(bytes % 256));
    return writer.commit().handle;
  };
  const handles = [commit(200_000), commit(200_001), commit(300_002), commit(2_000_000)];
  store.create(1).append(0, new Uint8Array(50));
  const slabIds = [...registry.slabs()].map(({ id }) => id);
  const dropped: number[] = [];
  const orphans = new OrphanedOutputs({
    memory: pool.storage(pool.slots),
    directory,
    onDrop: (id) => dropped.push(id),
  });

  store.free(handles[0]!);
  orphans.adopt(store.id, slabIds, handles.slice(1));
  pool.reset(0);
  expect(orphans.has(store.id)).toBe(true);
  expect(dropped).toEqual([slabIds[0]]);
  expect(pool.usage().storageBytes).toBeGreaterThan(500_000);
  expect(readAll(handles[2]!, 0, registry)[0]).toHaveLength(300_002);

  orphans.free(handles[1]!);
  orphans.free(handles[1]!);
  expect(dropped).toHaveLength(2);
  orphans.freeAll();
  expect(new Set(dropped)).toEqual(new Set(slabIds));
  expect(dropped).toHaveLength(slabIds.length);
  expect(pool.usage().storageBytes).toBe(0);
  expect(readdirSync(directory.path)).toEqual([]);
});

test("thousands of tiny outputs stay in one slab", () => {
  const { store, slabs } = fixture(2 ** 20);
  const live: OutputHandle[] = [];
  for (let task = 0; task < 20_000; task++) {
    const writer = store.create(4);
    for (let segment = 0; segment < 4; segment++) writer.append(segment, new Uint8Array(40));
    live.push(writer.commit().handle);
    if (live.length > 500) store.free(live.shift()!);
  }
  expect(slabs.slabCount).toBe(1);
  store.freeAll();
  expect(store.usage()).toEqual(allZero);
});

const writer = `
  const { workerData, parentPort } = require("node:worker_threads");
  import(workerData.module).then((storage) => {
    const pool = storage.attachMemoryPool(workerData.shared);
    const slabs = new storage.SlabAllocator({ nextId: () => pool.nextId(), onSlab: (slab) => parentPort.postMessage({ slab }) });
    const directory = new storage.ScratchDirectory({ path: workerData.path, prefix: "worker" });
    const store = new storage.BlockStore({ id: pool.nextId(), memory: pool.storage(0), slabs, directory, checksumMemory: true });
    for (let output = 0; output < 20; output++) {
      const open = store.create(3);
      for (let chunk = 0; chunk < 30; chunk++) open.append(chunk % 3, new Uint8Array(10_000).fill(output + chunk));
      parentPort.postMessage({ handle: open.commit().handle });
    }
    store.create(1).append(0, new Uint8Array(5_000));
    new storage.TaskAccount(pool, 0, directory).acquire(1_000_000);
    parentPort.postMessage({ done: true });
    setInterval(() => {}, 1_000);
  });
`;

test("another thread reads blocks in place, also after their worker was ended", async () => {
  const shared = createMemoryPool({ totalBytes: 8 * 2 ** 20, slots: 1, heapBudget: 0 });
  const pool = attachMemoryPool(shared);
  const path = join(local, "scratch");
  const module = new URL("../dist/index.js", import.meta.url).href;
  const worker = new Worker(writer, { eval: true, workerData: { shared, module, path } });
  const registry = new SlabRegistry();
  const handles: OutputHandle[] = [];
  await new Promise<void>((resolve, reject) => {
    worker.on("error", reject);
    worker.on("message", (message: { slab?: Slab; handle?: OutputHandle; done?: boolean }) => {
      if (message.slab !== undefined) registry.add(message.slab);
      if (message.handle !== undefined) handles.push(message.handle);
      if (message.done === true) resolve();
    });
  });
  await worker.terminate();

  const dropped: number[] = [];
  const directory = new ScratchDirectory({ path, prefix: "main" });
  const orphans = new OrphanedOutputs({
    memory: pool.storage(pool.slots),
    directory,
    onDrop: (id) => {
      registry.drop(id);
      dropped.push(id);
    },
  });
  const slabIds = [...registry.slabs()].map(({ id }) => id);
  orphans.adopt(handles[0]!.store, slabIds, handles);
  pool.reset(0);
  expect(handles.some(({ file }) => file !== undefined)).toBe(true);
  for (const [output, handle] of handles.entries()) {
    for (let segment = 0; segment < 3; segment++) {
      const expected = Array.from({ length: 10 }, (_, index) =>
        new Array<number>(10_000).fill(output + segment + 3 * index),
      );
      expect(readAll(handle, segment, registry)).toEqual(expected);
    }
  }
  expect(dropped).toEqual([]);
  orphans.freeAll();
  expect(dropped).toEqual(slabIds);
  expect(pool.usage()).toEqual({ activeSlots: 0, executionBytes: 0, storageBytes: 0 });
  // The worker could not delete the file of its open output: that goes with the directory.
  directory.remove();
  expect(readdirSync(local)).toEqual([]);
});
