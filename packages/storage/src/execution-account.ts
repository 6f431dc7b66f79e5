import { GloamError } from "@gloam/common";
import type { MemoryPool } from "./memory-pool.ts";
import { pageBytes } from "./page.ts";

/** A slot's execution memory: exact bytes here, pages beyond the guaranteed bytes in the pool. */
export class ExecutionAccount {
  readonly #pool: MemoryPool;
  readonly #slot: number;
  #bytes = 0;
  #pages = 0;
  #peakBytes = 0;

  constructor(pool: MemoryPool, slot: number) {
    this.#pool = pool;
    this.#slot = slot;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Most bytes held since the account was last emptied. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Takes so many bytes more; false, and nothing taken, when they are not granted. Touches shared memory once a page. */
  acquire(bytes: number): boolean {
    const wanted = this.#bytes + bytes;
    const more = this.#pagesFor(wanted) - this.#pages;
    if (more > 0) {
      if (!this.#pool.takeExecution(this.#slot, more)) return false;
      this.#pages += more;
    }
    this.#bytes = wanted;
    if (wanted > this.#peakBytes) this.#peakBytes = wanted;
    return true;
  }

  /** Gives so many bytes back. */
  release(bytes: number): void {
    if (bytes > this.#bytes) {
      throw new GloamError("GLOAM_INTERNAL", `a task released ${bytes} bytes of memory but holds ${this.#bytes}`);
    }
    this.#bytes -= bytes;
    const fewer = this.#pages - this.#pagesFor(this.#bytes);
    if (fewer > 0) {
      this.#pool.giveExecution(this.#slot, fewer);
      this.#pages -= fewer;
    }
  }

  /** Gives everything back. */
  empty(): void {
    this.release(this.#bytes);
    this.#peakBytes = 0;
  }

  #pagesFor(bytes: number): number {
    return Math.max(0, Math.ceil((bytes - this.#pool.guaranteedBytes) / pageBytes));
  }
}
