import { GloamError } from "@gloam/common";
import type { MemoryPool } from "./memory-pool.ts";
import { pageBytes } from "./page.ts";

/** A thread's storage memory: exact bytes here, whole pages in the pool. */
export class StorageAccount {
  readonly #pool: MemoryPool;
  readonly #slot: number;
  #bytes = 0;
  #pages = 0;

  constructor(pool: MemoryPool, slot: number) {
    this.#pool = pool;
    this.#slot = slot;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes so many bytes more; false, and nothing taken, when storage is full. Touches shared memory once a page.
   * @param evictable They are a cached block's, which can be made room of: it may take more than storage's share.
   */
  acquire(bytes: number, evictable = false): boolean {
    const more = Math.ceil((this.#bytes + bytes) / pageBytes) - this.#pages;
    if (more > 0) {
      if (!this.#pool.takeStorage(this.#slot, more, evictable)) return false;
      this.#pages += more;
    }
    this.#bytes += bytes;
    return true;
  }

  /** Counts bytes that lie in memory already, whatever the limit. */
  adopt(bytes: number): void {
    const more = Math.ceil((this.#bytes + bytes) / pageBytes) - this.#pages;
    this.#pool.adoptStorage(this.#slot, more);
    this.#pages += more;
    this.#bytes += bytes;
  }

  /** Gives so many bytes back. */
  release(bytes: number): void {
    if (bytes > this.#bytes) {
      throw new GloamError("GLOAM_INTERNAL", `storage released ${bytes} bytes of memory but holds ${this.#bytes}`);
    }
    this.#bytes -= bytes;
    const fewer = this.#pages - Math.ceil(this.#bytes / pageBytes);
    this.#pool.giveStorage(this.#slot, fewer);
    this.#pages -= fewer;
  }
}
