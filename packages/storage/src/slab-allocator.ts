import { GloamError } from "@gloam/common";
import type { PlannedChunk } from "@gloam/plan";
import { maximumSlabBytes, SlabHeap, slabBytesFor } from "./slab-heap.ts";

/** A slab: shared memory in which one owner allocates and everybody reads. */
export interface Slab {
  /** The same for every thread of the executor. */
  readonly id: number;
  readonly buffer: SharedArrayBuffer;
}

/** Where a block lies. */
export interface SlabPlace {
  readonly slab: number;
  /** Byte offset in the slab, a multiple of 16. */
  readonly offset: number;
}

/** What an allocator needs from around it. */
export interface SlabAllocatorOptions {
  /** Ids that no other allocator of the executor gets. */
  readonly nextId: () => number;
  /** Bytes of an ordinary slab; a larger block gets a slab of its size. 32 MiB by default. Untouched pages cost nothing. */
  readonly slabBytes?: number;
  /**
   * Bytes of empty slabs that are kept for later blocks. All of them by default: shared memory that is dropped comes back
   * only when every thread has collected its view, so that dropping and making slabs in a loop grows.
   */
  readonly retainBytes?: number;
  /** A slab was made; called before any block of it is handed out. */
  readonly onSlab: (slab: Slab) => void;
  /** An empty slab was dropped. */
  readonly onDrop?: (id: number) => void;
}

interface OwnedSlab extends Slab {
  readonly bytes: Uint8Array;
  readonly heap: SlabHeap;
}

/** One thread's blocks in shared memory. Without locks: only its thread calls it. */
export class SlabAllocator {
  readonly #options: SlabAllocatorOptions;
  readonly #slabBytes: number;
  readonly #retainBytes: number;
  readonly #slabs = new Map<number, OwnedSlab>();

  constructor(options: SlabAllocatorOptions) {
    this.#options = options;
    this.#slabBytes = options.slabBytes ?? 32 * 2 ** 20;
    this.#retainBytes = options.retainBytes ?? Infinity;
  }

  /** Number of slabs, empty ones included. */
  get slabCount(): number {
    return this.#slabs.size;
  }

  /** Bytes of all slabs. */
  get slabBytes(): number {
    let bytes = 0;
    for (const slab of this.#slabs.values()) bytes += slab.buffer.byteLength;
    return bytes;
  }

  /** Bytes of all allocated blocks, their headers included. */
  get usedBytes(): number {
    let bytes = 0;
    for (const slab of this.#slabs.values()) bytes += slab.heap.usedBytes;
    return bytes;
  }

  /**
   * Copies the chunk into a fresh block, or lets it write itself there; undefined when the system has no more memory. Constant
   * time besides.
   */
  store(chunk: Uint8Array | PlannedChunk): SlabPlace | undefined {
    for (const slab of this.#slabs.values()) {
      const offset = slab.heap.allocate(chunk.byteLength);
      if (offset >= 0) return write(chunk, slab, offset);
    }
    const slab = this.#grow(chunk.byteLength);
    if (slab === undefined) return undefined;
    return write(chunk, slab, slab.heap.allocate(chunk.byteLength));
  }

  /** The bytes of a block. */
  bytes(slab: number, offset: number, length: number): Uint8Array {
    return this.#slabs.get(slab)!.bytes.subarray(offset, offset + length);
  }

  /** Frees a block. */
  free(slab: number, offset: number): void {
    const owned = this.#slabs.get(slab);
    if (owned === undefined) throw new GloamError("GLOAM_INTERNAL", `slab ${slab} does not belong to this allocator`);
    owned.heap.free(offset);
    if (owned.heap.usedBytes > 0 || this.#emptyBytes() <= this.#retainBytes) return;
    this.#slabs.delete(slab);
    this.#options.onDrop?.(slab);
  }

  #emptyBytes(): number {
    let bytes = 0;
    for (const slab of this.#slabs.values()) if (slab.heap.usedBytes === 0) bytes += slab.buffer.byteLength;
    return bytes;
  }

  #grow(bytes: number): OwnedSlab | undefined {
    const slabBytes = Math.max(this.#slabBytes, slabBytesFor(bytes));
    if (slabBytes > maximumSlabBytes) return undefined;
    let buffer: SharedArrayBuffer;
    try {
      buffer = new SharedArrayBuffer(slabBytes);
    } catch {
      return undefined;
    }
    const slab = { id: this.#options.nextId(), buffer, bytes: new Uint8Array(buffer), heap: new SlabHeap(buffer) };
    this.#slabs.set(slab.id, slab);
    this.#options.onSlab(slab);
    return slab;
  }
}

function write(chunk: Uint8Array | PlannedChunk, slab: OwnedSlab, offset: number): SlabPlace {
  if (chunk instanceof Uint8Array) slab.bytes.set(chunk, offset);
  else chunk.write(slab.bytes, offset);
  return { slab: slab.id, offset };
}
