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

  constructor(data: WorkerStorageData, onSlab: (slab: Slab) => void) {
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
    return {
      memory: account,
      output: this.#store,
      end: () => {
        this.#store.abortOpen();
        account.end();
      },
    };
  }

  isCancelled(task: number): boolean {
    return this.#pool.isCancelled(this.#slot, task);
  }

  openSegment(handle: unknown, segment: number): Chunks {
    const place = handle as OutputHandle | LostOutput;
    if ("lost" in place) {
      throw new GloamError("GLOAM_FETCH_FAILED", `output ${place.output} of store ${place.store} is not here any more`);
    }
    return openSegment(place, segment, this.#registry);
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
