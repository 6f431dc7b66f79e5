import { GloamError } from "@gloam/common";
import type { OutputWriter } from "@gloam/plan";
import {
  createMemoryPool,
  attachMemoryPool,
  BlockStore,
  OrphanedOutputs,
  ScratchDirectory,
  SlabAllocator,
  SlabRegistry,
  pageBytes,
  type CachedIdentity,
  type Evicted,
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
  /** Share of the pool that cached blocks and shuffle outputs may fill and keep. */
  readonly storageFraction: number;
  /** Bytes of JavaScript objects that a task's structures may keep on its worker's heap. */
  readonly heapBudget: number;
  /** The scratch directory; made with the first file. */
  readonly scratchPath: string;
  /** A slab of a dead worker holds nothing any more: every thread may forget it. */
  readonly onDrop: (slab: number) => void;
  /** A slab of the main thread: every thread has to know it before any output that lies in it. */
  readonly onSlab: (slab: Slab) => void;
  /** Cached blocks of the main thread are not in memory any more. */
  readonly onEvicted: (blocks: readonly Evicted[]) => void;
  /** Workers were asked to make room, who may be idle. */
  readonly onRoomAsked: () => void;
}

/** The main thread's part of an executor's storage: knows all slabs and who holds which output. */
export class HostStorage {
  readonly #pool: MemoryPool;
  readonly #shared: SharedArrayBuffer;
  readonly #directory: ScratchDirectory;
  readonly #registry = new SlabRegistry();
  readonly #orphans: OrphanedOutputs;
  readonly #options: HostStorageOptions;
  /** The main thread's account. */
  readonly memory: StorageAccount;
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
    this.#options = options;
    this.memory = this.#pool.storage(slots);
    this.#orphans = new OrphanedOutputs({
      memory: this.memory,
      directory: this.#directory,
      leases: this.#pool.leases,
      onDrop: (slab) => {
        this.#registry.drop(slab);
        options.onDrop(slab);
      },
    });
  }

  /** The control block of the executor's memory. */
  get pool(): SharedArrayBuffer {
    return this.#shared;
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
    return this.#store().create(segments);
  }

  /** Begins a cached block of the main thread's own store: a copy of another executor's. */
  createCached(identity: CachedIdentity): OutputWriter {
    const writer = this.#store().createCached(identity);
    return {
      append(segment, chunk) {
        if (!writer.append(segment, chunk)) throw new GloamError("GLOAM_OUT_OF_MEMORY", "there is no room for a copy");
      },
      commit: () => writer.commit(),
      abort: () => writer.abort(),
    };
  }

  /** Whether a worker is asked to make room, or waits for others to stop reading what it is to free. */
  isAskedForRoom(slot: number): boolean {
    return this.#pool.isAskedForRoom(slot) || this.#pool.hasDoomed(slot);
  }

  /** Makes the room that workers ask of the main thread, if they do. */
  serveRequests(): void {
    const { slots } = this.#options;
    this.#own?.sweep();
    if (!this.#pool.isAskedForRoom(slots)) return;
    const { bytes, sparing } = this.#pool.takeRequest(slots);
    this.#evict(bytes, sparing);
  }

  /** Takes out an output that has been dropped: the object that was reported. */
  take(store: number, output: number): OutputHandle | undefined {
    const outputs = this.#outputs.get(store);
    const handle = outputs?.get(output);
    outputs?.delete(output);
    return handle;
  }

  #evict(bytes: number, sparing: number | undefined): number {
    const evicted = this.#own?.evict(bytes, sparing) ?? [];
    if (evicted.length > 0) this.#options.onEvicted(evicted);
    return evicted.reduce((sum, each) => sum + each.bytes, 0);
  }

  /** The main thread does not wait: what others give back comes too late for this chunk, not for the next. */
  #makeRoom(bytes: number, node: number): boolean {
    const { slots, onRoomAsked } = this.#options;
    const freed = this.#evict(bytes, node);
    if (freed < bytes && this.#pool.askForRoom(slots, bytes - freed, node)) onRoomAsked();
    return freed > 0;
  }

  #store(): BlockStore {
    const { slots, onSlab } = this.#options;
    if (this.#own !== undefined) return this.#own;
    const store = new BlockStore({
      id: this.#pool.nextId(),
      memory: this.memory,
      slabs: new SlabAllocator({
        nextId: () => this.#pool.nextId(),
        onSlab: (slab) => {
          this.#registry.add(slab);
          onSlab(slab);
        },
      }),
      directory: this.#directory,
      checksumMemory: false,
      eviction: {
        leases: this.#pool.leases,
        thread: slots,
        onEvictable: (bytes) => this.#pool.setEvictable(slots, Math.floor(bytes / pageBytes)),
        onDoomed: (blocks) => this.#pool.setDoomed(slots, blocks),
        makeRoom: (bytes, node) => this.#makeRoom(bytes, node),
      },
    });
    this.#own = store;
    this.#outputs.set(store.id, new Map());
    return store;
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
        this.#own.sweep();
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
    // What it was about to evict stays, which is asked for next.
    this.#pool.leases.forget(slot);
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
