import { createBatchBuilder, isReadInPlace, planBatches, type ColumnBatch } from "@gloam/arrow";
import type { Batch, BatchReader, PlannedChunk } from "@gloam/plan";

/** Encoded bytes of a chunk of a cached partition, about. */
const chunkBytes = 1 << 20;

/** Writes the block of a persisted partition. */
export interface CachedWriter {
  /** False where there is no place for a chunk, as far as its level has any: then the block can only be given up. */
  append(segment: number, chunk: PlannedChunk): boolean;
  commit(): { readonly handle: unknown };
  abort(): void;
}

/** What became of a persisted partition that was read to its end. */
export interface PersistedPartition {
  readonly handle: unknown;
  /** Encoded bytes. */
  readonly bytes: number;
  /** The rows themselves, when they may be kept decoded. */
  readonly batches: readonly Batch[] | undefined;
}

/**
 * Passes a partition's batches on and writes a copy into a block. Only a partition that was read to its end is kept, and only
 * one that there is room for: a reader that is closed early gives everything back.
 */
export class PersistingReader implements BatchReader {
  readonly ready?: () => Promise<void> | undefined;
  readonly #input: BatchReader;
  readonly #output: CachedWriter;
  readonly #builder = createBatchBuilder();
  readonly #mayKeep: (encodedBytes: number) => boolean;
  readonly #onPersisted: (partition: PersistedPartition) => void;
  #bytes = 0;
  #kept: Batch[] | undefined = [];
  #ended = false;
  /** There is no room for it: it is passed on, and that is all. */
  #givenUp = false;

  constructor(
    input: BatchReader,
    output: CachedWriter,
    /** Whether the rows of a block of so many bytes may stay on the heap. */
    mayKeep: (encodedBytes: number) => boolean,
    onPersisted: (partition: PersistedPartition) => void,
  ) {
    this.#input = input;
    this.#output = output;
    this.#mayKeep = mayKeep;
    this.#onPersisted = onPersisted;
    const ready = input.ready?.bind(input);
    if (ready !== undefined) this.ready = ready;
  }

  next(): Batch | undefined {
    if (this.#ended) return undefined;
    const batch = this.#input.next();
    if (batch === undefined) {
      this.#finish();
      return undefined;
    }
    if (this.#givenUp) return batch;
    if (batch.columns === undefined) {
      this.#append(batch.rows, batch.length);
      this.#kept?.push({ length: batch.length, rows: Array.prototype.slice.call(batch.rows, 0, batch.length) });
    } else {
      this.#seal();
      this.#add(batch.columns);
      // Columns may be views of a buffer that is reused, and are read in place from the block just as well.
      this.#kept = undefined;
    }
    if (this.#kept !== undefined && !this.#mayKeep(this.#bytes)) this.#kept = undefined;
    return batch;
  }

  close(): void {
    if (!this.#ended) {
      this.#ended = true;
      if (!this.#givenUp) this.#output.abort();
    }
    this.#input.close?.();
  }

  #append(rows: ArrayLike<unknown>, length: number): void {
    const builder = this.#builder;
    for (let i = 0; i < length; i++) {
      if (builder.append(rows[i])) continue;
      this.#seal();
      if (this.#givenUp) return;
      builder.append(rows[i]);
    }
    if (builder.byteLength >= chunkBytes) this.#seal();
  }

  /** Takes what the builder has. */
  #seal(): void {
    if (this.#builder.length === 0) return;
    const batch = this.#builder.finish();
    this.#add(batch);
    if (isReadInPlace(batch)) this.#kept = undefined;
  }

  #add(batch: ColumnBatch): void {
    if (this.#givenUp) return;
    const chunk = planBatches([batch]);
    this.#bytes += chunk.byteLength;
    if (this.#output.append(0, chunk)) return;
    this.#givenUp = true;
    this.#kept = undefined;
    this.#output.abort();
  }

  #finish(): void {
    if (!this.#givenUp) this.#seal();
    this.#ended = true;
    if (this.#givenUp) return;
    const { handle } = this.#output.commit();
    const batches = this.#kept;
    this.#kept = undefined;
    this.#onPersisted({ handle, bytes: this.#bytes, batches });
  }
}
