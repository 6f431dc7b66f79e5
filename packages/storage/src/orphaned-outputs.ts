import { extentWords, lengthWord, onDisk, outputBytes, placeWord, type OutputHandle } from "./output-handle.ts";
import type { Leases } from "./leases.ts";
import type { ScratchDirectory } from "./scratch-directory.ts";
import { blockBytes } from "./slab-heap.ts";
import type { StorageAccount } from "./storage-account.ts";

/** What orphaned outputs need from around them. */
export interface OrphanedOutputsOptions {
  /** The main thread's account, which takes over the outputs' bytes. */
  readonly memory: StorageAccount;
  readonly directory: ScratchDirectory;
  /** Says whether a cached block is still in memory. */
  readonly leases?: Leases | undefined;
  /** The last block of a dead worker's slab was freed. */
  readonly onDrop: (slab: number) => void;
}

/**
 * The outputs of workers that died, kept by the executor's main thread: they stay readable, and a slab is dropped when
 * none of its blocks is live any more. What the dead worker had not committed is lost with it.
 */
export class OrphanedOutputs {
  readonly #options: OrphanedOutputsOptions;
  /** Outputs by store and number, and those of them that have been evicted. */
  readonly #outputs = new Map<number, Map<number, OutputHandle>>();
  readonly #evicted = new Set<OutputHandle>();
  /** Bytes of live blocks by slab. */
  readonly #slabs = new Map<number, number>();

  constructor(options: OrphanedOutputsOptions) {
    this.#options = options;
  }

  /**
   * Takes over what a dead worker's store still holds. Call it before the pool's `reset` of the worker's slot.
   * @param store the worker's store
   * @param slabs every slab that the worker announced and did not drop
   * @param handles its committed outputs that are not freed
   */
  adopt(store: number, slabs: Iterable<number>, handles: Iterable<OutputHandle>): void {
    const outputs = new Map<number, OutputHandle>();
    this.#outputs.set(store, outputs);
    for (const slab of slabs) this.#slabs.set(slab, 0);
    for (const handle of handles) {
      outputs.set(handle.output, handle);
      const { lease } = handle;
      if (lease !== undefined && this.#options.leases?.isOpen(lease) === false) {
        this.#evicted.add(handle);
        continue;
      }
      this.#options.memory.adopt(outputBytes(handle).memoryBytes);
      this.#addBlocks(handle, 1);
    }
    this.#dropEmptySlabs();
  }

  /** Whether this store's worker died and its outputs are kept here. */
  has(store: number): boolean {
    return this.#outputs.has(store);
  }

  /** Frees an output of a dead worker. One that is freed already is no error. */
  free(handle: OutputHandle): void {
    const own = this.#outputs.get(handle.store)?.get(handle.output);
    if (own === undefined) return;
    this.#outputs.get(handle.store)!.delete(handle.output);
    const { directory, memory, leases } = this.#options;
    const { lease, file, evictedFile } = own;
    const isEvicted = this.#evicted.delete(own);
    if (lease !== undefined) {
      leases?.close(lease);
      leases?.release(lease);
    }
    if (isEvicted) {
      if (evictedFile !== undefined) directory.deleteFile(evictedFile);
    } else {
      this.#addBlocks(own, -1);
      memory.release(outputBytes(own).memoryBytes);
    }
    if (file !== undefined) directory.deleteFile(file);
    this.#dropEmptySlabs();
  }

  /** Frees everything. */
  freeAll(): void {
    for (const outputs of this.#outputs.values()) for (const handle of outputs.values()) this.free(handle);
  }

  #addBlocks({ extents }: OutputHandle, sign: 1 | -1): void {
    for (let at = 0; at < extents.length; at += extentWords) {
      const slab = extents[at + placeWord]!;
      if (slab === onDisk) continue;
      this.#slabs.set(slab, (this.#slabs.get(slab) ?? 0) + sign * blockBytes(extents[at + lengthWord]!));
    }
  }

  #dropEmptySlabs(): void {
    for (const [slab, bytes] of this.#slabs) {
      if (bytes > 0) continue;
      this.#slabs.delete(slab);
      this.#options.onDrop(slab);
    }
  }
}
