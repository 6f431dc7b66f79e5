import type { Batch, BatchReader } from "@gloam/plan";
import { TaskKilledError } from "./block-failure.ts";

/**
 * Reads the first of several readers that can be read. They need not give the same batches, so the next takes over only as long as
 * nothing has been read of the one before. Throws the last one's error.
 */
export class FirstReader implements BatchReader {
  readonly #waiting: (() => BatchReader)[];
  #reader: BatchReader | undefined;
  #begun = false;

  /** @param readers Open each, the best first. */
  constructor(readers: readonly (() => BatchReader)[]) {
    this.#waiting = [...readers];
  }

  next(): Batch | undefined {
    for (;;) {
      try {
        this.#reader ??= this.#waiting.shift()?.();
        const batch = this.#reader?.next();
        this.#begun = true;
        return batch;
      } catch (error) {
        // That the task was cancelled while it waited says nothing of a block.
        if (this.#begun || error instanceof TaskKilledError || this.#waiting.length === 0) throw error;
        this.close();
      }
    }
  }

  close(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.close?.();
  }
}
