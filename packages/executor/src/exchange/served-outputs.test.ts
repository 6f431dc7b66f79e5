import {
  attachMemoryPool,
  BlockStore,
  createMemoryPool,
  ScratchDirectory,
  SlabAllocator,
  type OutputHandle,
} from "@gloam/storage";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ServedOutputs, type OutputName } from "./served-outputs.ts";

let local = "";
beforeEach(() => {
  local = mkdtempSync(join(tmpdir(), "gloam-served-"));
});
afterEach(() => rmSync(local, { recursive: true, force: true }));

function serving() {
  const pool = attachMemoryPool(createMemoryPool({ totalBytes: 2 ** 22, slots: 1, heapBudget: 0 }));
  const released: OutputName[] = [];
  const outputs = new ServedOutputs((output) => released.push(output));
  outputs.useLeases(pool.leases, pool.ioReader);
  const store = new BlockStore({
    id: 1,
    memory: pool.storage(0),
    slabs: new SlabAllocator({ nextId: () => pool.nextId(), onSlab: (slab) => outputs.addSlab(slab) }),
    directory: new ScratchDirectory({ path: join(local, "scratch"), prefix: "t0" }),
    checksumMemory: false,
    eviction: {
      ...{ leases: pool.leases, thread: 0, makeRoom: () => false },
      ...{ onEvictable: () => undefined, onDoomed: () => undefined },
    },
  });
  const cache = (node: number, useDisk: boolean): OutputHandle => {
    const writer = store.createCached({ node, partition: 0, traits: { useMemory: true, useDisk } });
    for (const value of [1, 2]) writer.append(0, new Uint8Array(1000).fill(node * 10 + value));
    const { handle } = writer.commit();
    outputs.commit(structuredClone(handle));
    return handle;
  };
  return { outputs, store, cache, released };
}

test("what is being sent is not evicted, and is let go afterwards", () => {
  const { outputs, store, cache } = serving();
  const handle = cache(1, true);
  const output = outputs.find(handle)!;
  expect(outputs.open(output, 0).place(1).bytes?.[0]).toBe(12);
  expect(store.evict(1)).toEqual([]);
  output.hold();
  outputs.settle();
  expect(store.evict(1)).toEqual([]);
  output.letGo();
  expect(store.evict(1)).toMatchObject([{ node: 1, to: "disk" }]);
});

test("what was opened and not sent is let go", () => {
  const { outputs, store, cache } = serving();
  outputs.open(outputs.find(cache(1, true))!, 0);
  outputs.settle();
  expect(store.evict(1)).toHaveLength(1);
});

test("an evicted block is served from its file, and a dropped one is not there", () => {
  const { outputs, store, cache, released } = serving();
  const [evicted, dropped] = [cache(1, true), cache(2, false)];
  expect(store.evict(Infinity)).toHaveLength(2);
  const segment = outputs.open(outputs.find(evicted)!, 0);
  expect(segment.place(1)).toMatchObject({ bytes: undefined, path: evicted.evictedFile, offset: 1000, length: 1000 });
  expect(segment.chunk(1)[0]).toBe(12);
  segment.close();
  expect(() => outputs.open(outputs.find(dropped)!, 0).place(0)).toThrow("GLOAM_FETCH_FAILED");
  outputs.settle();
  outputs.free(evicted);
  expect(released).toEqual([{ store: 1, output: evicted.output }]);
  store.free(evicted);
  expect(existsSync(evicted.evictedFile!)).toBe(false);
});
