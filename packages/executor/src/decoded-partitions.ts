import type { Batch, BatchReader } from "@gloam/plan";

/** Rough bytes of heap for a byte of an encoded block: objects, headers and pointers included. */
const heapPerEncodedByte = 2;

/** Decoded rows of one cached partition. */
interface Memo {
  readonly batches: readonly Batch[];
  readonly bytes: number;
}

/**
 * Rows of cached partitions as this worker computed or decoded them, so that the next pass over a cached RDD need not
 * decode again. Never the only copy: bounded, least recently used first to go, and dropped at will.
 */
export class DecodedPartitions {
  readonly #memos = new Map<string, Memo>();
  readonly #budget: number;
  #bytes = 0;

  /** `budget`: bytes of this worker's heap. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Bytes of heap (an estimate) for a block of so many encoded bytes. */
  static estimate(encodedBytes: number): number {
    return encodedBytes * heapPerEncodedByte;
  }

  /** Whether a partition of this size can be kept at all. */
  fits(bytes: number): boolean {
    return bytes <= this.#budget;
  }

  get(node: number, partition: number): readonly Batch[] | undefined {
    const key = `${node}:${partition}`;
    const memo = this.#memos.get(key);
    if (memo === undefined) return undefined;
    this.#memos.delete(key);
    this.#memos.set(key, memo);
    return memo.batches;
  }

  keep(node: number, partition: number, batches: readonly Batch[], bytes: number): void {
    if (!this.fits(bytes)) return;
    this.forget(node, partition);
    for (const [oldest, memo] of this.#memos) {
      if (this.#bytes + bytes <= this.#budget) break;
      this.#memos.delete(oldest);
      this.#bytes -= memo.bytes;
    }
    this.#memos.set(`${node}:${partition}`, { batches, bytes });
    this.#bytes += bytes;
  }

  forget(node: number, partition: number): void {
    const key = `${node}:${partition}`;
    const memo = this.#memos.get(key);
    if (memo === undefined) return;
    this.#memos.delete(key);
    this.#bytes -= memo.bytes;
  }

  clear(): void {
    this.#memos.clear();
    this.#bytes = 0;
  }
}

/** Gives batches that are there already. */
export class BatchesReader implements BatchReader {
  readonly #batches: readonly Batch[];
  #at = 0;

  constructor(batches: readonly Batch[]) {
    this.#batches = batches;
  }

  next(): Batch | undefined {
    return this.#batches[this.#at++];
  }
}
