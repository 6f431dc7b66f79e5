import type { BlockOutput } from "@gloam/plan";
import { outputBytes, type OutputHandle } from "./output-handle.ts";
import { freeExtents, SegmentedOutput, type OutputPlaces } from "./output-writer.ts";

/** What a block store is made of. */
export interface BlockStoreOptions extends OutputPlaces {
  /** A number that no other store of the executor has. */
  readonly id: number;
}

/** What a store holds; all zero when everything is freed. */
export interface StoreUsage {
  /** Outputs that are committed and not freed. */
  readonly outputs: number;
  /** Outputs that are neither committed nor aborted. */
  readonly openOutputs: number;
  /** Bytes of committed outputs in slabs, the blocks' headers included. */
  readonly memoryBytes: number;
  /** Bytes of committed outputs in files. */
  readonly diskBytes: number;
}

/** The outputs that one thread wrote. Only its thread calls it; others read the outputs through their handles. */
export class BlockStore implements BlockOutput {
  readonly id: number;
  readonly #places: OutputPlaces;
  readonly #open = new Set<SegmentedOutput>();
  readonly #committed = new Map<number, OutputHandle>();
  #nextOutput = 0;

  constructor(options: BlockStoreOptions) {
    this.id = options.id;
    this.#places = options;
  }

  create(segments: number): SegmentedOutput {
    const writer = new SegmentedOutput(segments, this.#places, {
      committed: (committed, extents, file) => {
        this.#open.delete(committed);
        const handle = { store: this.id, output: this.#nextOutput++, extents, file };
        this.#committed.set(handle.output, handle);
        return handle;
      },
      aborted: (aborted) => this.#open.delete(aborted),
    });
    this.#open.add(writer);
    return writer;
  }

  /** Aborts what a task left open. */
  abortOpen(): void {
    for (const writer of this.#open) writer.abort();
  }

  /** Frees a committed output. One that is freed already, or belongs to another store, is no error. */
  free(handle: OutputHandle): void {
    if (handle.store !== this.id) return;
    const own = this.#committed.get(handle.output);
    if (own === undefined) return;
    this.#committed.delete(handle.output);
    freeExtents(this.#places, own.extents);
    if (own.file !== undefined) this.#places.directory.deleteFile(own.file);
  }

  /** Frees and aborts everything. */
  freeAll(): void {
    this.abortOpen();
    for (const handle of this.#committed.values()) this.free(handle);
  }

  /** What the store holds. Takes time in proportion to the number of chunks. */
  usage(): StoreUsage {
    let memoryBytes = 0;
    let diskBytes = 0;
    for (const handle of this.#committed.values()) {
      const bytes = outputBytes(handle);
      memoryBytes += bytes.memoryBytes;
      diskBytes += bytes.diskBytes;
    }
    return { outputs: this.#committed.size, openOutputs: this.#open.size, memoryBytes, diskBytes };
  }
}
