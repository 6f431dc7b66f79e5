import { decodeBatches, readingSlices, type ColumnBatch } from "@gloam/arrow";
import type { Batch, BatchReader } from "@gloam/plan";

/** A segment of an output: encoded chunks by number. */
export interface Chunks {
  readonly chunks: number;
  /** The bytes of a chunk; throws a coded error when they are lost or damaged. */
  chunk(index: number): Uint8Array;
  /** Where it helps: the same chunks, of which `from .. to` will be read in order. Closed on its own. */
  range?(from: number, to: number): Chunks;
  /** Closes the file that was opened for chunks on disk, if any. */
  close(): void;
}

/** Reads the batches of a block's chunks `from .. to` in order. */
export class BlockReader implements BatchReader {
  readonly #chunks: Chunks;
  readonly #to: number;
  readonly #failed: (error: unknown) => unknown;
  #next: number;
  #batches: readonly ColumnBatch[] = [];
  #at = 0;

  /** `failed` turns an error of the block into what the scheduler understands. */
  constructor(chunks: Chunks, from: number, to: number, failed: (error: unknown) => unknown) {
    this.#chunks = chunks.range?.(from, to) ?? chunks;
    this.#next = from;
    this.#to = to;
    this.#failed = failed;
  }

  next(): Batch | undefined {
    for (;;) {
      const columns = this.#batches[this.#at++];
      if (columns !== undefined) return { length: columns.length, columns };
      if (this.#next >= this.#to) return undefined;
      try {
        // In slices that the next loop reads fastest.
        this.#batches = decodeBatches(this.#chunks.chunk(this.#next++)).flatMap((batch) => readingSlices(batch));
      } catch (error) {
        throw this.#failed(error);
      }
      this.#at = 0;
    }
  }

  close(): void {
    this.#chunks.close();
  }
}
