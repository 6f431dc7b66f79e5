import { planBatches, type ColumnBatch } from "@gloam/arrow";
import type { KernelContext, OutputWriter } from "@gloam/plan";

/** What a map task's sink gives as its result. */
export interface MapOutputResult {
  readonly handle: unknown;
  /** Bytes for each reduce partition. */
  readonly sizes: Float64Array;
  readonly sketch?: Uint8Array | undefined;
}

/** The output of a map task: a segment for each reduce partition, written batch by batch. */
export class MapOutput {
  readonly #output: OutputWriter;
  #open = true;

  constructor(context: KernelContext, segments: number) {
    this.#output = context.output.create(segments);
  }

  /** Appends a batch to a segment as one chunk. */
  write(segment: number, batch: ColumnBatch): void {
    this.#output.append(segment, planBatches([batch]));
  }

  commit(sketch?: Uint8Array): MapOutputResult {
    const { handle, sizes } = this.#output.commit();
    this.#open = false;
    return sketch === undefined ? { handle, sizes } : { handle, sizes, sketch };
  }

  /** Gives an output that was not committed back. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#output.abort();
  }
}
