import type { Slab } from "./slab-allocator.ts";

/**
 * The slabs of all threads of an executor, as one thread knows them. The main thread hands a new slab to every worker
 * before any message that refers to it.
 */
export class SlabRegistry {
  readonly #slabs = new Map<number, Uint8Array>();

  /** Makes a slab readable. */
  add(slab: Slab): void {
    this.#slabs.set(slab.id, new Uint8Array(slab.buffer));
  }

  /** Forgets a slab, so that its memory can be collected. */
  drop(id: number): void {
    this.#slabs.delete(id);
  }

  /** The slab's bytes; undefined when it is not known. */
  bytes(id: number): Uint8Array | undefined {
    return this.#slabs.get(id);
  }

  /** Every slab, as for a worker that starts later. */
  *slabs(): IterableIterator<Slab> {
    for (const [id, bytes] of this.#slabs) yield { id, buffer: bytes.buffer as SharedArrayBuffer };
  }
}
