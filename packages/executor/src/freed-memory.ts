import { collectGarbage } from "@gloam/common";

/** Bytes that are let go before the heap is looked through for who holds them. */
const most = 32 * 1024 * 1024;

/**
 * Shared memory comes back only when every thread that had it has collected its garbage, which an idle one has no reason to do. One
 * of these in each thread.
 */
export class FreedMemory {
  readonly #collect: () => void;
  #bytes = 0;
  #isWaiting = false;

  constructor(collect: () => void = collectGarbage) {
    this.#collect = collect;
  }

  /** This thread has let go of so many bytes of shared memory. */
  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < most || this.#isWaiting) return;
    this.#isWaiting = true;
    // What runs now may still hold it.
    setImmediate(() => {
      this.#isWaiting = false;
      this.#bytes = 0;
      this.#collect();
    });
  }
}
