/** Where a task writes blocks that outlive it: map outputs and cached partitions. In memory up to a budget, then on disk. */
export interface BlockOutput {
  /** Begins an output of so many segments; a map output has one per reduce partition. */
  create(segments: number): OutputWriter;
}

/** A chunk whose length is known before its bytes are written, so that they are written where they stay. */
export interface PlannedChunk {
  readonly byteLength: number;
  /** Writes the chunk at `offset`, a multiple of 8 from the beginning of `target`. Called at most once. */
  write(target: Uint8Array, offset: number): void;
}

/** Writes one output. Chunks may be appended to segments in any order; each is a whole Arrow IPC stream of one or more batches. */
export interface OutputWriter {
  /** Copies the chunk into the output, or lets it write itself there. */
  append(segment: number, chunk: Uint8Array | PlannedChunk): void;
  /** Seals the output. `sizes` has the bytes of every segment; `handle` is plain data that names the output anywhere. */
  commit(): { readonly handle: unknown; readonly sizes: Float64Array };
  /** Gives everything back; after an error. */
  abort(): void;
}
