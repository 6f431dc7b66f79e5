import type { Batch } from "../batch.ts";
import type { BatchReader } from "../kernel.ts";
import { rowsOfBatch } from "../rows-of-batch.ts";

/**
 * A partition as the user's function sees it: an iterator over the elements. Where the engine has iterator helpers (`map`,
 * `filter`, `take`: Node 22), it has them too.
 */
export class RowIterator implements IterableIterator<unknown> {
  #reader: BatchReader | undefined;
  #rows: ArrayLike<unknown> = [];
  #length = 0;
  #at = 0;

  constructor(reader: BatchReader) {
    this.#reader = reader;
  }

  next(): IteratorResult<unknown, undefined> {
    while (this.#at >= this.#length) {
      const batch: Batch | undefined = this.#reader?.next();
      if (batch === undefined) {
        // A reader must not be asked again after its end.
        this.#reader = undefined;
        return { value: undefined, done: true };
      }
      this.#rows = rowsOfBatch(batch);
      this.#length = batch.length;
      this.#at = 0;
    }
    return { value: this.#rows[this.#at++], done: false };
  }

  [Symbol.iterator](): this {
    return this;
  }
}

Object.setPrototypeOf(
  RowIterator.prototype,
  Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object,
);
