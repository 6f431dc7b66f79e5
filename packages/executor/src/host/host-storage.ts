import type { OutputWriter } from "@gloam/plan";
import {
  createMemoryPool,
  attachMemoryPool,
  BlockStore,
  OrphanedOutputs,
  ScratchDirectory,
  SlabAllocator,
  SlabRegistry,
  type MemoryPool,
  type OutputHandle,
  type Slab,
  type StorageAccount,
} from "@gloam/storage";
import type { WorkerStorageData } from "../worker-storage.ts";

export interface HostStorageOptions {
  readonly slots: number;
  /** Bytes of the memory pool. */
  readonly poolBytes: number;
  /** Share of the pool that cached blocks and shuffle outputs may fill. */
  readonly storageFraction: number;
  /** Bytes of JavaScript objects that a task's structures may keep on its worker's heap. */
  readonly heapBudget: number;
  /** The scratch directory; made with the first file. */
  readonly scratchPath: string;
  /** A slab of a dead worker holds nothing any more: every thread may forget it. */
  readonly onDrop: (slab: number) => void;
  /** A slab of the main thread: every thread has to know it before any output that lies in it. */
  readonly onSlab: (slab: Slab) => void;
}

/** The main thread's part of an executor's storage: knows all slabs and who holds which output. */
export class HostStorage {
  readonly #pool: MemoryPool;
  readonly #shared: SharedArrayBuffer;
  readonly #directory: ScratchDirectory;
  readonly #registry = new SlabRegistry();
  readonly #orphans: OrphanedOutputs;
  /** The main thread's account. */
  readonly memory: StorageAccount;
  readonly #onSlab: (slab: Slab) => void;
  /** The main thread's own, for outputs that it copies; made with the first of them. */
  #own: BlockStore | undefined;
  /** Committed outputs that are not freed, by store. */
  readonly #outputs = new Map<number, Map<number, OutputHandle>>();
  /** Slabs by the store whose worker announced them. */
  readonly #slabs = new Map<number, Set<number>>();
  /** The store of each slot's present worker. */
  readonly #stores: (number | undefined)[] = [];

  constructor(options: HostStorageOptions) {
    const { slots, poolBytes, storageFraction, heapBudget } = options;
    this.#shared = createMemoryPool({ totalBytes: poolBytes, slots, storageFraction, heapBudget });
    this.#pool = attachMemoryPool(this.#shared);
    this.#directory = new ScratchDirectory({ path: options.scratchPath, prefix: "main" });
    this.#onSlab = options.onSlab;
    this.memory = this.#pool.storage(slots);
    this.#orphans = new OrphanedOutputs({
      memory: this.memory,
      directory: this.#directory,
      onDrop: (slab) => {
        this.#registry.drop(slab);
        options.onDrop(slab);
      },
    });
  }

  /** What a new worker of a slot starts with: a store of its own. */
  workerData(slot: number): WorkerStorageData {
    const store = this.#pool.nextId();
    this.#stores[slot] = store;
    this.#outputs.set(store, new Map());
    this.#slabs.set(store, new Set());
    return { pool: this.#shared, slot, store, scratchPath: this.#directory.path, slabs: [...this.#registry.slabs()] };
  }

  addSlab(slot: number, slab: Slab): void {
    this.#registry.add(slab);
    this.#slabs.get(this.#stores[slot] ?? -1)?.add(slab.id);
  }

  /** Begins an output of the main thread's own store. */
  create(segments: number): OutputWriter {
    this.#own ??= new BlockStore({
      id: this.#pool.nextId(),
      memory: this.memory,
      slabs: new SlabAllocator({
        nextId: () => this.#pool.nextId(),
        onSlab: (slab) => {
          this.#registry.add(slab);
          this.#onSlab(slab);
        },
      }),
      directory: this.#directory,
      checksumMemory: false,
    });
    return this.#own.create(segments);
  }

  /** A worker reported a committed output. */
  committed(handle: unknown): void {
    const output = handle as OutputHandle;
    this.#outputs.get(output.store)?.set(output.output, output);
  }

  /** Frees outputs of dead workers and of the main thread; gives those of living ones by the slot that has to free them. */
  free(handles: readonly unknown[]): Map<number, OutputHandle[]> {
    const bySlot = new Map<number, OutputHandle[]>();
    for (const each of handles) {
      const handle = each as OutputHandle;
      this.#outputs.get(handle.store)?.delete(handle.output);
      const slot = this.#stores.indexOf(handle.store);
      if (handle.store === this.#own?.id) {
        this.#own.free(handle);
      } else if (slot < 0) {
        this.#orphans.free(handle);
      } else {
        const owned = bySlot.get(slot);
        if (owned === undefined) bySlot.set(slot, [handle]);
        else owned.push(handle);
      }
    }
    return bySlot;
  }

  /** A slot's worker is dead: its outputs stay readable, what it had not reported is lost. */
  workerDied(slot: number): void {
    const store = this.#stores[slot];
    if (store === undefined) return;
    this.#orphans.adopt(store, this.#slabs.get(store) ?? [], this.#outputs.get(store)?.values() ?? []);
    this.#slabs.delete(store);
    this.#outputs.delete(store);
    this.#stores[slot] = undefined;
    this.#pool.reset(slot);
  }

  requestCancel(slot: number, task: number): void {
    this.#pool.requestCancel(slot, task);
  }

  /** Removes the scratch directory; all workers have ended. */
  close(): void {
    this.#directory.remove();
  }
}
