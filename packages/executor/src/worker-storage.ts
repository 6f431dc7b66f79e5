import { GloamError } from "@gloam/common";
import type { BlockOutput, TaskMemory } from "@gloam/plan";
import {
  attachMemoryPool,
  BlockStore,
  openSegment,
  ScratchDirectory,
  SlabAllocator,
  SlabRegistry,
  TaskAccount,
  type MemoryPool,
  type OutputHandle,
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
  /** Opens a segment of an output: of this executor (`OutputHandle`), of another (`RemoteOutput`), or of none (`LostOutput`). */
  openSegment(handle: unknown, segment: number): Chunks;
  /** Says which segments of other executors will be read, in this order; what is of this executor is passed over. */
  readonly prefetch: ((handles: readonly unknown[], segment: number) => void) | undefined;
  /** Gives back what the task left over. */
  end(): void;
}

/** A worker thread's view of its executor's storage: its own slabs to write to, all slabs to read from. */
export class WorkerStorage {
  readonly #pool: MemoryPool;
  readonly #slot: number;
  readonly #directory: ScratchDirectory;
  readonly #registry = new SlabRegistry();
  readonly #store: BlockStore;
  readonly #exchange: WorkerExchange | undefined;

  /** @param exchange Where blocks of other executors are read from, if there are any. */
  constructor(data: WorkerStorageData, onSlab: (slab: Slab) => void, exchange?: WorkerExchange) {
    this.#exchange = exchange;
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
          onSlab(slab);
        },
      }),
      directory: this.#directory,
      // Blocks of the same process are read where they were written.
      checksumMemory: false,
    });
  }

  beginTask(): TaskScope {
    const account = new TaskAccount(this.#pool, this.#slot, this.#directory);
    const exchange = this.#exchange;
    const segments = new TaskSegments();
    return {
      memory: account,
      output: this.#store,
      openSegment: (handle, segment) =>
        exchange !== undefined && isRemote(handle)
          ? exchange.open(segments.of(handle, segment), account)
          : openSegment(present(handle), segment, this.#registry),
      prefetch:
        exchange &&
        ((handles, segment) => {
          const remotes = handles.filter(isRemote).map((handle) => segments.of(handle, segment));
          exchange.prefetch(remotes, account);
        }),
      end: () => {
        exchange?.endTask();
        this.#store.abortOpen();
        account.end();
      },
    };
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
