import { GloamError } from "@gloam/common";
import type { BlockOutput, TaskMemory } from "@gloam/plan";
import {
  attachMemoryPool,
  BlockStore,
  openSegment,
  pageBytes,
  ScratchDirectory,
  SlabAllocator,
  SlabRegistry,
  TaskAccount,
  type CachedIdentity,
  type Evicted,
  type Lease,
  type MemoryPool,
  type OutputHandle,
  type SegmentedOutput,
  type Slab,
} from "@gloam/storage";
import type { Chunks } from "./block-reader.ts";
import type { LostOutput } from "./process/committed-outputs.ts";
import { isRemote, TaskSegments } from "./exchange/remote-output.ts";
import type { WorkerExchange } from "./exchange/worker-exchange.ts";

/** What a worker's storage is made of: shared memory and paths. */
export interface WorkerStorageData {
  /** Control block of the executor's memory pool. */
  readonly pool: SharedArrayBuffer;
  readonly slot: number;
  /** Number of the worker's block store, unique in the executor. */
  readonly store: number;
  readonly scratchPath: string;
  /** Slabs of other workers that exist already. */
  readonly slabs: readonly Slab[];
}

/** The storage of one task while it runs. */
export interface TaskScope {
  readonly memory: TaskMemory;
  readonly output: BlockOutput;
  /** Begins a block of a persisted partition; it stays until the task has ended, whoever needs memory. */
  createCached(identity: CachedIdentity): SegmentedOutput;
  /** Somebody uses what was decoded of a cached block, which counts as a use of the block. */
  touch(handle: unknown): void;
  /** Opens a segment of an output: of this executor (`OutputHandle`), of another (`RemoteOutput`), or of none (`LostOutput`). */
  openSegment(handle: unknown, segment: number): Chunks;
  /** Says which segments of other executors will be read, in this order; what is of this executor is passed over. */
  readonly prefetch: ((handles: readonly unknown[], segment: number) => void) | undefined;
  /** Gives back what the task left over. */
  end(): void;
}

/** What a worker's storage tells its worker. */
export interface WorkerStorageObserver {
  onSlab(slab: Slab): void;
  /** Cached blocks are not in memory any more. */
  onEvicted(blocks: readonly Evicted[]): void;
  /** Others were asked to make room, or can free what was read until now; they may be idle. */
  onRoomAsked(): void;
}

/** Milliseconds that a task waits for others to make room, and that it waits after it has waited in vain. */
const mostPatience = 100;
const leastPatience = 2;

/** A worker thread's view of its executor's storage: its own slabs to write to, all slabs to read from. */
export class WorkerStorage {
  readonly #pool: MemoryPool;
  readonly #slot: number;
  readonly #directory: ScratchDirectory;
  readonly #registry = new SlabRegistry();
  readonly #store: BlockStore;
  readonly #exchange: WorkerExchange | undefined;
  readonly #observer: WorkerStorageObserver;
  #patience = mostPatience;

  /** @param exchange Where blocks of other executors are read from, if there are any. */
  constructor(data: WorkerStorageData, observer: WorkerStorageObserver, exchange?: WorkerExchange) {
    this.#exchange = exchange;
    this.#observer = observer;
    this.#pool = attachMemoryPool(data.pool);
    this.#slot = data.slot;
    this.#directory = new ScratchDirectory({ path: data.scratchPath, prefix: `store${data.store}` });
    for (const slab of data.slabs) this.#registry.add(slab);
    this.#store = new BlockStore({
      id: data.store,
      memory: this.#pool.storage(data.slot),
      slabs: new SlabAllocator({
        nextId: () => this.#pool.nextId(),
        onSlab: (slab) => {
          this.#registry.add(slab);
          observer.onSlab(slab);
        },
      }),
      directory: this.#directory,
      // Blocks of the same process are read where they were written.
      checksumMemory: false,
      eviction: {
        leases: this.#pool.leases,
        thread: data.slot,
        onEvictable: (bytes) => this.#pool.setEvictable(data.slot, Math.floor(bytes / pageBytes)),
        onDoomed: (blocks) => this.#pool.setDoomed(data.slot, blocks),
        makeRoom: (bytes, node) => this.#makeRoom(bytes, node),
      },
    });
  }

  /**
   * Does what other threads ask of this one, if they do: evicts what it can, frees what they have stopped to read. A few nanoseconds where
   * there is nothing of both.
   */
  serveRequests(): void {
    this.#store.sweep();
    if (!this.#pool.isAskedForRoom(this.#slot)) return;
    const { bytes, sparing } = this.#pool.takeRequest(this.#slot);
    this.#evict(bytes, sparing);
  }

  beginTask(): TaskScope {
    const account = new TaskAccount(this.#pool, this.#slot, this.#directory, (bytes) => this.#makeRoom(bytes));
    const exchange = this.#exchange;
    const segments = new TaskSegments();
    const { leases } = this.#pool;
    const pinned = new Set<Lease>();
    const pin = ({ lease }: OutputHandle): boolean => {
      if (lease === undefined) return true;
      const isThere = leases.pin(lease, this.#slot);
      if (isThere) pinned.add(lease);
      return isThere;
    };
    return {
      memory: account,
      output: this.#store,
      createCached: (identity) => this.#store.createCached(identity, pin),
      touch: (handle) => {
        const lease = isRemote(handle) ? undefined : (handle as OutputHandle).lease;
        if (lease !== undefined && leases.isOpen(lease)) leases.touch(lease);
      },
      openSegment: (handle, segment) =>
        exchange !== undefined && isRemote(handle)
          ? exchange.open(segments.of(handle, segment), account)
          : this.#open(present(handle), segment, pin),
      prefetch:
        exchange &&
        ((handles, segment) => {
          const remotes = handles.filter(isRemote).map((handle) => segments.of(handle, segment));
          exchange.prefetch(remotes, account);
        }),
      end: () => {
        exchange?.endTask();
        this.#store.abortOpen();
        for (const lease of pinned) leases.unpin(lease, this.#slot);
        this.serveRequests();
        if (pinned.size > 0 && this.#pool.hasAnyDoomed) this.#observer.onRoomAsked();
        account.end();
      },
    };
  }

  #open(handle: OutputHandle, segment: number, pin: (handle: OutputHandle) => boolean): Chunks {
    return openSegment(handle, segment, this.#registry, undefined, !pin(handle));
  }

  /**
   * Frees memory that is taken by cached blocks, of this thread first. A block of a node that is to be kept may take the place
   * of all others, but those of its own node; execution, where there is no node, gets back what storage has borrowed.
   */
  #makeRoom(bytes: number, node?: number): boolean {
    const wanted = node === undefined ? Math.min(bytes, this.#pool.borrowedBytes) : bytes;
    if (wanted === 0) return false;
    const freed = this.#evict(wanted, node);
    if (freed >= wanted) return true;
    if (!this.#pool.askForRoom(this.#slot, wanted - freed, node)) return freed > 0;
    this.#observer.onRoomAsked();
    // Execution can write its own data to disk instead, and a task that waited in vain does not wait again.
    if (node !== undefined) this.#awaitRoom(wanted - freed);
    return true;
  }

  /** Waits for others to make room: not for long, since one may be busy with something in which it does not look up. */
  #awaitRoom(bytes: number): void {
    const until = performance.now() + this.#patience;
    const before = this.#pool.usage().storageBytes;
    while (performance.now() < until) {
      this.#pool.pause(this.#slot, 2);
      this.serveRequests();
      if (this.#pool.usage().storageBytes <= before - bytes) {
        this.#patience = mostPatience;
        return;
      }
    }
    this.#patience = leastPatience;
  }

  #evict(bytes: number, sparing: number | undefined): number {
    const evicted = this.#store.evict(bytes, sparing);
    if (evicted.length === 0) return 0;
    this.#observer.onEvicted(evicted);
    return evicted.reduce((sum, each) => sum + each.bytes, 0);
  }

  isCancelled(task: number): boolean {
    return this.#pool.isCancelled(this.#slot, task);
  }

  free(handle: unknown): void {
    this.#store.free(handle as OutputHandle);
  }

  addSlab(slab: Slab): void {
    this.#registry.add(slab);
  }

  dropSlab(id: number): void {
    this.#registry.drop(id);
  }
}

/** @throws GloamError `GLOAM_FETCH_FAILED` for an output that is not here any more. */
function present(handle: unknown): OutputHandle {
  const place = handle as OutputHandle | LostOutput;
  if (!("lost" in place)) return place;
  throw new GloamError("GLOAM_FETCH_FAILED", `output ${place.output} of store ${place.store} is not here any more`);
}
