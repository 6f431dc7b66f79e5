import { decodeBatches, encodeBatches, type ColumnBatch } from "@gloam/arrow";
import type { ScratchFile, TaskMemory } from "@gloam/plan";

/** Lists of batches in one scratch file, each in the order of writing. */
export class SpilledBatches {
  readonly #file: ScratchFile;
  readonly #chunks: ({ readonly offset: number; readonly length: number }[] | undefined)[] = [];

  constructor(memory: TaskMemory) {
    this.#file = memory.createScratch();
  }

  /** Appends a batch to a list. */
  write(list: number, batch: ColumnBatch): void {
    const bytes = encodeBatches([batch]);
    (this.#chunks[list] ??= []).push({ offset: this.#file.append(bytes), length: bytes.byteLength });
  }

  /** Whether anything was written to a list. */
  has(list: number): boolean {
    return this.#chunks[list] !== undefined;
  }

  /** The list's batches, read one at a time. */
  *read(list: number): Generator<ColumnBatch> {
    for (const { offset, length } of this.#chunks[list] ?? []) yield* decodeBatches(this.#file.read(offset, length));
  }

  delete(): void {
    this.#file.delete();
  }
}
