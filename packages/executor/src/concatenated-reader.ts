import type { Batch, BatchReader } from "@gloam/plan";

/** Several readers one after the other; each is opened when the one before has ended. */
export class ConcatenatedReader implements BatchReader {
  readonly #opens: readonly (() => BatchReader)[];
  #at = 0;
  #current: BatchReader | undefined;

  constructor(opens: readonly (() => BatchReader)[]) {
    this.#opens = opens;
  }

  ready(): Promise<void> | undefined {
    return this.#reader()?.ready?.();
  }

  next(): Batch | undefined {
    for (let reader = this.#reader(); reader !== undefined; reader = this.#reader()) {
      const batch = reader.next();
      if (batch !== undefined) return batch;
      this.#finish();
      // The next reader may have to be awaited first: an empty batch sends the caller round again.
      if (this.#reader()?.ready !== undefined) return { length: 0, rows: [] };
    }
    return undefined;
  }

  close(): void {
    this.#finish();
    this.#at = this.#opens.length;
  }

  #reader(): BatchReader | undefined {
    if (this.#current === undefined) {
      const open = this.#opens[this.#at];
      if (open === undefined) return undefined;
      this.#current = open();
    }
    return this.#current;
  }

  #finish(): void {
    const reader = this.#current;
    if (reader === undefined) return;
    this.#current = undefined;
    this.#at++;
    reader.close?.();
  }
}
