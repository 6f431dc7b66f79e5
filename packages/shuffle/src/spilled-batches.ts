import { decodeBatches, encodeBatches, type ColumnBatch } from "@gloam/arrow";
import type { ScratchFile, TaskMemory } from "@gloam/plan";

/** Batches of several buckets in one scratch file, each bucket's in the order of writing. */
export class SpilledBatches {
  readonly #file: ScratchFile;
  readonly #chunks: { readonly offset: number; readonly length: number }[][];

  constructor(memory: TaskMemory, buckets: number) {
    this.#file = memory.createScratch();
    this.#chunks = Array.from({ length: buckets }, () => []);
  }

  write(bucket: number, batch: ColumnBatch): void {
    const bytes = encodeBatches([batch]);
    this.#chunks[bucket]!.push({ offset: this.#file.append(bytes), length: bytes.byteLength });
  }

  /** The bucket's batches, read one at a time. */
  *read(bucket: number): Generator<ColumnBatch> {
    for (const { offset, length } of this.#chunks[bucket]!) yield* decodeBatches(this.#file.read(offset, length));
  }

  delete(): void {
    this.#file.delete();
  }
}
