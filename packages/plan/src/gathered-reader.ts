import type { Batch } from "./batch.ts";
import type { BatchReader } from "./kernel.ts";
import { rowsOfBatch } from "./rows-of-batch.ts";

/**
 * For consumers that pull with plain synchronous calls in the middle of their work. A reader with something asynchronous
 * upstream is read to its end first, while the task awaits `ready()`; any other reader is given back as it is.
 */
export function gathered(reader: BatchReader): BatchReader {
  return reader.ready === undefined ? reader : new GatheredReader(reader);
}

class GatheredReader implements BatchReader {
  readonly #reader: BatchReader;
  readonly #batches: Batch[] = [];
  #gathering: Promise<void> | undefined;
  #complete = false;
  #at = 0;

  constructor(reader: BatchReader) {
    this.#reader = reader;
  }

  ready(): Promise<void> | undefined {
    return this.#complete ? undefined : (this.#gathering ??= this.#gather());
  }

  next(): Batch | undefined {
    return this.#batches[this.#at++];
  }

  close(): void {
    this.#reader.close?.();
  }

  async #gather(): Promise<void> {
    for (;;) {
      await this.#reader.ready?.();
      const batch = this.#reader.next();
      if (batch === undefined) break;
      // A copy: the reader may reuse its arrays.
      if (batch.length > 0) this.#batches.push({ length: batch.length, rows: copy(rowsOfBatch(batch), batch.length) });
    }
    this.#complete = true;
  }
}

function copy(rows: ArrayLike<unknown>, length: number): unknown[] {
  const copied = new Array<unknown>(length);
  for (let i = 0; i < length; i++) copied[i] = rows[i];
  return copied;
}
