import type { Batch, BatchReader } from "@gloam/plan";

/** Rough bytes of heap for a byte of an encoded block: objects, headers and pointers included. */
const heapPerEncodedByte = 2;

/** Decoded rows of one cached partition. */
interface Memo {
  readonly node: number;
  /** The task that computed them. */
  readonly task: number;
  readonly batches: readonly Batch[];
  readonly bytes: number;
}

/**
 * Rows of cached partitions as this worker computed or decoded them, so that the next pass over a cached RDD need not
 * decode again. Never the only copy: bounded, least recently used first to go, and dropped at will. Rows of an RDD make no room
 * for others of the same one: each pass over one that does not fit would drop what the next begins with, and rows that are
 * only kept to be dropped cost more than to decode them.
 */
export class DecodedPartitions {
  readonly #memos = new Map<string, Memo>();
  readonly #budget: number;
  /** Bytes of all memos of a node. */
  readonly #ofNode = new Map<number, number>();
  #bytes = 0;

  /** `budget`: bytes of this worker's heap. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Bytes of heap (an estimate) for a block of so many encoded bytes. */
  static estimate(encodedBytes: number): number {
    return encodedBytes * heapPerEncodedByte;
  }

  /** Whether a partition of this node and size can be kept, beside those of the node that are kept. */
  fits(node: number, bytes: number): boolean {
    return (this.#ofNode.get(node) ?? 0) + bytes <= this.#budget;
  }

  /** The rows, if one of these tasks computed them: what others computed need not be the same. */
  get(node: number, partition: number, tasks: readonly (number | undefined)[]): readonly Batch[] | undefined {
    const key = `${node}:${partition}`;
    const memo = this.#memos.get(key);
    if (memo === undefined || !tasks.includes(memo.task)) return undefined;
    this.#memos.delete(key);
    this.#memos.set(key, memo);
    return memo.batches;
  }

  /** Keeps what a task has computed, in place of what another has. */
  keep(
    { node, partition, task }: { readonly node: number; readonly partition: number; readonly task: number },
    batches: readonly Batch[],
    bytes: number,
  ): void {
    this.forget(node, partition);
    if (!this.fits(node, bytes)) return;
    for (const [oldest, memo] of this.#memos) {
      if (this.#bytes + bytes <= this.#budget) break;
      if (memo.node !== node) this.#drop(oldest, memo);
    }
    this.#memos.set(`${node}:${partition}`, { node, task, batches, bytes });
    this.#count(node, bytes);
  }

  forget(node: number, partition: number): void {
    const key = `${node}:${partition}`;
    const memo = this.#memos.get(key);
    if (memo !== undefined) this.#drop(key, memo);
  }

  #drop(key: string, { node, bytes }: Memo): void {
    this.#memos.delete(key);
    this.#count(node, -bytes);
  }

  #count(node: number, bytes: number): void {
    this.#bytes += bytes;
    const left = (this.#ofNode.get(node) ?? 0) + bytes;
    if (left === 0) this.#ofNode.delete(node);
    else this.#ofNode.set(node, left);
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
