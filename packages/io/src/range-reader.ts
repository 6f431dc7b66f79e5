import type { BatchReader } from "@gloam/plan";
import type { FileRange, FileSplit } from "./text-splits.ts";

/** Reads the ranges of a split one after the other, each with a reader of its own. */
export class RangeReader implements BatchReader {
  readonly #ranges: readonly FileRange[];
  readonly #open: (range: FileRange) => BatchReader;
  #next = 0;
  #reader: BatchReader | undefined;

  constructor({ ranges }: FileSplit, open: (range: FileRange) => BatchReader) {
    this.#ranges = ranges;
    this.#open = open;
  }

  next(): ReturnType<BatchReader["next"]> {
    for (;;) {
      const batch = this.#reader?.next();
      if (batch !== undefined) return batch;
      this.close();
      const range = this.#ranges[this.#next++];
      if (range === undefined) return undefined;
      this.#reader = this.#open(range);
    }
  }

  close(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.close?.();
  }
}
