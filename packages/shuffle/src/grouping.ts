import { gather, type ColumnBatch } from "@gloam/arrow";
import type { Batch, KernelContext } from "@gloam/plan";
import { bucketBits, bucketCount, deepestLevel } from "./bucket.ts";
import { BatchLists } from "./batch-lists.ts";
import { sourceOf, valuesOf } from "./block-columns.ts";
import { CountingSort } from "./counting-sort.ts";
import { groupBucket } from "./grouped-bucket.ts";
import { groupTooLarge } from "./out-of-memory.ts";
import { blockRows, PairBlock } from "./pair-block.ts";
import { PairScatter, scatterRowBytes } from "./pair-scatter.ts";
import { PairBatch } from "./pair-source.ts";

/** Rows that are collected before they are laid into buckets, for all inputs together. */
const scatterRows = 64 * 1024;
/** Smaller batches would be cut into too many pieces. */
const fewestWholeRows = 1024;
/** As few are collected uncounted. */
const fewestRows = 1024;
/** Bytes of working memory for each row while a bucket is grouped: id, value, value in order, a part of the index. */
const rowBytes = 32;
/** How much larger values are as JavaScript objects than in columns, roughly. */
const decodedFactor = 6;

/**
 * Groups the pairs of one or several inputs by key, whatever the memory. Pairs are laid column-wise into buckets by hash;
 * the largest go to scratch when memory is refused; then bucket after bucket is grouped by itself, or split by the next
 * bits of the hash where it does not fit.
 */
export class Grouping {
  readonly #context: KernelContext;
  readonly #inputs: number;
  readonly #together: boolean;
  readonly #level: number;
  readonly #parent: Grouping | undefined;
  readonly #lists: BatchLists;
  #scatters: readonly PairScatter[];
  /** Bytes acquired for them. */
  #scattering: number;
  readonly #targets = new Int32Array(blockRows);
  readonly #keyBlock = new PairBlock();
  readonly #sort = new CountingSort(bucketCount);
  #wholeTargets = new Int32Array(0);
  #child: Grouping | undefined;
  /** The hash of all keys, while there is but one. */
  #onlyHash: number | undefined;
  #hashes = 0;

  /** @param together Gives the lists of all inputs as one value, also when there is but one. */
  constructor(context: KernelContext, inputs: number, together: boolean, level = 0, parent?: Grouping) {
    this.#context = context;
    this.#inputs = inputs;
    this.#together = together;
    this.#level = level;
    this.#parent = parent;
    this.#lists = new BatchLists(context.memory, inputs * bucketCount);
    let rows = Math.floor(scatterRows / inputs);
    while (rows > fewestRows && !context.memory.acquire(rows * inputs * scatterRowBytes)) rows >>= 1;
    this.#scattering = rows > fewestRows ? rows * inputs * scatterRowBytes : 0;
    this.#scatters = Array.from(
      { length: inputs },
      (_, input) =>
        new PairScatter(
          bucketCount,
          rows,
          false,
          (bucket, batch) => this.#lists.append(input * bucketCount + bucket, batch),
          true,
        ),
    );
  }

  /** Takes a block of an input's pairs. */
  add(input: number, block: PairBlock): void {
    this.#route(block, this.#targets, 0);
    this.#scatters[input]!.putAll(sourceOf(block), valuesOf(block), this.#targets.subarray(0, block.length));
  }

  /** Whether a batch is better laid into buckets as it is: where its values would have to be decoded and built again. */
  wantsWhole({ length, column }: ColumnBatch): boolean {
    if (length < fewestWholeRows || column.kind !== "tuple") return false;
    if (column.validity !== undefined || column.undefinedBits !== undefined) return false;
    const value = column.children[1];
    return value !== undefined && value.kind !== "float64" && value.kind !== "int32";
  }

  /** Takes a batch of an input's pairs for which `wantsWhole` holds. */
  addWhole(input: number, columns: ColumnBatch): void {
    this.#scatters[input]!.flush();
    const { length } = columns;
    if (this.#wholeTargets.length < length) this.#wholeTargets = new Int32Array(length);
    const targets = this.#wholeTargets;
    const batch = new PairBatch({ length, columns });
    const block = this.#keyBlock;
    for (let first = 0; first < length; first = batch.at) {
      batch.fillKeys(block);
      this.#route(block, targets, first);
      block.clear();
    }
    const { rows, starts } = this.#sort.sort(targets, length);
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const from = starts[bucket]!;
      const to = starts[bucket + 1]!;
      if (to > from) this.#lists.append(input * bucketCount + bucket, gather(columns, rows, from, to));
    }
  }

  /** All groups, in the order of their keys' hashes. Frees everything on the way. */
  *batches(): Generator<Batch> {
    for (const scatter of this.#scatters) scatter.flush();
    this.#dropScatters();
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const lists = Array.from({ length: this.#inputs }, (_, input) => input * bucketCount + bucket);
      if (lists.every((list) => this.#lists.rows(list) === 0)) continue;
      const wanted = this.#workingBytes(lists);
      const splits = this.#level < deepestLevel && this.#hashes !== 1;
      if ((splits && this.#isLargeOnHeap(lists)) || !this.#acquire(wanted, lists)) {
        if (!splits) throw groupTooLarge("the values");
        yield* this.#split(lists);
      } else {
        try {
          yield* groupBucket(
            this.#context,
            lists.map((list) => this.#lists.read(list)),
            this.#together,
          );
        } finally {
          this.#context.memory.release(wanted);
        }
      }
      for (const list of lists) this.#lists.free(list);
    }
    this.close();
  }

  close(): void {
    this.#child?.close();
    this.#lists.close();
    this.#dropScatters();
  }

  #dropScatters(): void {
    this.#scatters = [];
    this.#context.memory.release(this.#scattering);
    this.#scattering = 0;
  }

  /** What it takes to group the lists of a bucket, beside what they hold; batches in scratch are read one at a time. */
  #workingBytes(lists: readonly number[]): number {
    return lists.reduce((bytes, list) => bytes + this.#lists.rows(list) * rowBytes, 0);
  }

  #isLargeOnHeap(lists: readonly number[]): boolean {
    let bytes = 0;
    for (const list of lists) bytes += this.#lists.bytes(list);
    return bytes * decodedFactor > this.#context.memory.heapBudget / 2;
  }

  /** Asks for memory; where it is refused, buckets whose turn is later go to scratch. */
  #acquire(bytes: number, keep: readonly number[]): boolean {
    while (!this.#context.memory.acquire(bytes)) {
      if (!this.#parent?.spillAny() && !this.#lists.spillLargest(keep)) return false;
    }
    return true;
  }

  /** Moves a list of this level or one above to scratch; false when none is in memory. */
  spillAny(): boolean {
    return this.#parent?.spillAny() === true || this.#lists.spillLargest();
  }

  *#split(lists: readonly number[]): Generator<Batch> {
    const child = new Grouping(this.#context, this.#inputs, this.#together, this.#level + 1, this);
    this.#child = child;
    for (let input = 0; input < this.#inputs; input++) {
      const block = new PairBlock();
      for (const columns of this.#lists.read(lists[input]!)) {
        this.#context.checkCancelled();
        if (child.wantsWhole(columns)) {
          child.addWhole(input, columns);
          continue;
        }
        const batch = new PairBatch({ length: columns.length, columns });
        while (batch.at < batch.length) {
          batch.fillBlock(block);
          child.add(input, block);
          block.clear();
        }
      }
      this.#lists.free(lists[input]!);
    }
    yield* child.batches();
    this.#child = undefined;
  }

  /** Writes the bucket of each of a block's keys to `targets` from `first` on. */
  #route(block: PairBlock, targets: Int32Array, first: number): void {
    block.hash();
    const { hashes, length } = block;
    const shift = this.#level * bucketBits;
    for (let row = 0; row < length; row++) targets[first + row] = (hashes[row]! << shift) >>> (32 - bucketBits);
    if (this.#hashes < 2) this.#countHashes(hashes, length);
  }

  #countHashes(hashes: Int32Array, length: number): void {
    for (let row = 0; row < length; row++) {
      if (hashes[row] === this.#onlyHash) continue;
      this.#onlyHash = hashes[row];
      if (++this.#hashes === 2) return;
    }
  }
}
