import {
  bucketBits,
  bucketBytes,
  bucketCount,
  keysOf,
  newBucket,
  resized,
  splitBucket,
  type Bucket,
} from "./bucket.ts";
import type { CombineCode } from "./combine-code.ts";
import { CountingSort } from "./counting-sort.ts";
import { keyAt } from "./gather-pairs.ts";
import { estimateHeap } from "./heap-estimate.ts";
import { blockRows, type KeyKind, type PairBlock } from "./pair-block.ts";
import type { Numbers } from "./number-lanes.ts";
import { findIds, OrderedSlices, sliceOfBlock, sliceOfNumbers, type Slice } from "./slice.ts";
import { ValueIndex } from "./value-index.ts";
import { WaitingPairs } from "./waiting-pairs.ts";

/** A table of more numbers no longer fits the second-level cache: then pairs wait until a bucket has many. */
const cachedNumbers = 8 * 1024;
/** A larger table of other keys is split into buckets, so that they can be given up one by one. */
const largestTable = 16 * 1024 * 1024;

/** Where an aggregation gets its memory, and what it does without. */
export interface AggregationMemory {
  acquire(bytes: number): boolean;
  release(bytes: number): void;
  /** Bytes of keys and combiners that may lie on the heap. */
  readonly heapBudget: number;
  /**
   * Frees memory by taking buckets out of the aggregation (`take`), in the end the one that needs it. It may mark buckets
   * as given up, whose pairs then go to `spill`.
   */
  relieve(bucket: number): void;
  /** A pair of a bucket that was given up. */
  spill(bucket: number, key: unknown, value: unknown): void;
}

/**
 * Combines the values of each key, in the order of arrival. A small table is one bucket, number 0; a larger one, or one that
 * is refused memory, is split into many by hash, which can be given up one by one. The sequence of combinations of a key
 * depends on nothing but the pairs.
 */
export class Aggregation {
  /** Distinct keys in the buckets. */
  entries = 0;
  /** Pairs combined so far. */
  pairs = 0;
  /** Keys that were new to their bucket so far. */
  found = 0;
  readonly #level: number;
  readonly #memory: AggregationMemory;
  readonly #buckets: (Bucket | undefined)[] = new Array<Bucket | undefined>(bucketCount).fill(undefined);
  readonly #givenUp = new Uint8Array(bucketCount);
  /** Whether there are many buckets instead of one for everything. */
  #split = false;
  #keyKind: KeyKind | undefined;
  /** Room for keys that a bucket of numbers needed so far. */
  #usual = 0;
  #heap = 0;
  /** Which combiner `combined` weighs next. */
  #turns = 0;
  readonly #sort = new CountingSort(bucketCount);
  readonly #targets = new Int32Array(blockRows);
  readonly #ordered = new OrderedSlices();
  #ids = new Int32Array(blockRows);
  readonly #escaped: { combiner: unknown } = { combiner: undefined };
  #waiting: WaitingPairs | undefined;
  readonly #waitingRows: number;

  /**
   * @param level How many times `bucketBits` of the hash are the same for all keys already.
   * @param waitingRows Pairs of numbers for which a bucket waits once there are many keys: 16 bytes each are taken, for
   * all buckets. A power of two, or 0.
   */
  constructor(memory: AggregationMemory, level: number, waitingRows: number) {
    this.#memory = memory;
    this.#level = level;
    this.#waitingRows = waitingRows;
  }

  /** Whether a bucket was given up. */
  isGivenUp(bucket: number): boolean {
    return this.#givenUp[bucket] === 1;
  }

  /** Estimated bytes of keys and combiners on the heap. */
  get heap(): number {
    return this.#heap;
  }

  /** Pairs that wait for their bucket's turn. */
  get waiting(): number {
    return this.#waiting?.length ?? 0;
  }

  /** From now on the bucket's pairs go to `spill`. */
  giveUp(bucket: number): void {
    this.#givenUp[bucket] = 1;
  }

  /** The bucket that holds most memory; undefined when there is none. */
  largest(): number | undefined {
    let largest: number | undefined;
    let most = -1;
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const held = this.#buckets[bucket];
      if (held !== undefined && held.acquired + held.heap > most) {
        most = held.acquired + held.heap;
        largest = bucket;
      }
    }
    return largest;
  }

  /** Takes a bucket out; its memory counts until `free`. */
  take(bucket: number): Bucket | undefined {
    const held = this.#buckets[bucket];
    if (held === undefined) return undefined;
    this.#buckets[bucket] = undefined;
    this.entries -= held.index.count;
    this.#heap -= held.heap;
    return held;
  }

  /** Gives the memory of a bucket that was taken out back. */
  free(bucket: Bucket): void {
    this.#memory.release(bucket.acquired);
    bucket.acquired = 0;
  }

  /** The only bucket, while everything is in one. What is done to its combiners has to be told to `combined`. */
  get whole(): Bucket | undefined {
    return this.#split || this.#givenUp[0] === 1 ? undefined : this.#buckets[0];
  }

  /** So many pairs of keys that are there were combined in the only bucket by someone else. */
  combined(pairs: number): void {
    this.pairs += pairs;
    const held = this.whole;
    if (held === undefined || held.index.count === 0) return;
    this.#weigh(0, held, this.#turns++ % held.index.count);
  }

  /** Combines a block's pairs. The block is as it was afterwards, but for kinds that had to be widened. */
  add(block: PairBlock, code: CombineCode): void {
    if (block.length === 0) return;
    if (this.#keyKind !== block.keyKind) this.#alignKinds(block, code);
    // Tables of numbers hash for themselves.
    if (!block.numberKeys) block.hash();
    let first = 0;
    if (!this.#split) first = this.#addTo(0, sliceOfBlock(block), 0, block.length, code);
    if (first === block.length) return;
    if (block.numberKeys && block.numberValues && this.#waits()) {
      this.#waitFor(block, first, code);
      return;
    }
    this.#settle(code);
    this.#addToBuckets(block, first, code);
  }

  /** Whether `addColumns` would take a batch. */
  get takesColumns(): boolean {
    return this.#waiting !== undefined && this.#keyKind === "number";
  }

  /**
   * Takes a batch of number pairs as they lie in columns, where pairs wait for their bucket's turn anyway: `takesColumns` says whether
   * they do.
   */
  addColumns(keys: Numbers, values: Numbers, code: CombineCode): void {
    const waiting = this.#waiting!;
    const shift = this.#level * bucketBits;
    const length = keys.length;
    let row = 0;
    for (;;) {
      row = waiting.put(keys, values, row, length, shift);
      if (row === length) return;
      this.#combineWaiting(waiting, waiting.full, code);
    }
  }

  /** Combines the pairs that still wait for their bucket's turn. */
  settle(code: CombineCode): void {
    this.#settle(code);
    this.#dropWaiting();
  }

  /** Gives everything back. */
  close(): void {
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const held = this.take(bucket);
      if (held !== undefined) this.free(held);
    }
    this.#dropWaiting();
  }

  #dropWaiting(): void {
    if (this.#waiting === undefined) return;
    this.#memory.release(this.#waiting.bytes);
    this.#waiting.giveBack();
    this.#waiting = undefined;
  }

  /** Combines a block's pairs from row `first` on. */
  #addToBuckets(block: PairBlock, first: number, code: CombineCode): void {
    const length = block.length - first;
    if (block.numberKeys) block.hash();
    const { hashes } = block;
    const targets = this.#targets;
    const shift = this.#level * bucketBits;
    for (let at = 0; at < length; at++) targets[at] = (hashes[first + at]! << shift) >>> (32 - bucketBits);
    const { rows, starts } = this.#sort.sort(targets, length);
    if (first > 0) for (let at = 0; at < length; at++) rows[at]! += first;
    const slice = this.#ordered.slice(block, rows, length);
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      if (starts[bucket + 1]! > starts[bucket]!) this.#addTo(bucket, slice, starts[bucket]!, starts[bucket + 1]!, code);
    }
  }

  /** Gives the place after the last pair that was taken: `end`, unless the only bucket had to be split. */
  #addTo(bucket: number, slice: Slice, first: number, end: number, code: CombineCode): number {
    const split = this.#split;
    let from = first;
    while (from < end && this.#split === split) {
      if (this.#givenUp[bucket] === 1) {
        this.#spill(bucket, slice, from, end);
        return end;
      }
      const held = (this.#buckets[bucket] ??= newBucket(slice.kind));
      const before = held.index.count;
      const to = findIds(held.index, slice, from, end, this.#ids);
      this.entries += held.index.count - before;
      this.found += held.index.count - before;
      this.pairs += to - from;
      this.#combine(held, before, slice, from, to, code);
      from = to;
      if (held.numbers === undefined || held.index.kind === "any") this.#weigh(bucket, held, this.#ids[to - 1] ?? 0);
      if (from < end && this.#split === split) this.#grow(bucket);
    }
    return from;
  }

  #combine(held: Bucket, filled: number, slice: Slice, first: number, to: number, code: CombineCode): void {
    const { values } = slice;
    const ids = this.#ids;
    let from = first;
    let known = filled;
    if (held.numbers !== undefined && values instanceof Float64Array) {
      const stop = code.numbers(held.numbers, filled, ids, from, to, values, this.#escaped);
      if (stop === to) return;
      // A combiner that is no number: the bucket goes on with JavaScript values from here.
      for (let at = from; at < stop; at++) if (ids[at] === known) known++;
      const numbers = held.numbers;
      held.values = Array.from(numbers.subarray(0, known));
      held.numbers = undefined;
      held.values[ids[stop]!] = this.#escaped.combiner;
      this.#escaped.combiner = undefined;
      if (ids[stop] === known) known++;
      from = stop + 1;
    } else if (held.numbers !== undefined) {
      held.values = Array.from(held.numbers.subarray(0, filled));
      held.numbers = undefined;
    }
    code.any(held.values, known, ids, from, to, values);
  }

  /** Estimates what a bucket holds on the heap from one key and one combiner that were just touched. */
  #weigh(bucket: number, held: Bucket, id: number): void {
    const { index } = held;
    if (index.count === 0) return;
    let sample = 0;
    if (held.numbers === undefined) sample += estimateHeap(held.values[id]);
    if (index.kind === "any") sample += estimateHeap(index.keys[id]);
    const average = held.heap === 0 ? sample : (held.heap / index.count) * 0.875 + sample * 0.125;
    const heap = average * index.count;
    this.#heap += heap - held.heap;
    held.heap = heap;
    if (this.#heap <= this.#memory.heapBudget) return;
    if (this.#split) this.#memory.relieve(bucket);
    else this.#splitUp();
  }

  /** Makes a bucket's index larger, or lets it be split or given up. */
  #grow(bucket: number): void {
    for (;;) {
      const held = this.#buckets[bucket];
      if (held === undefined) return;
      if (!this.#split && this.#isLarge(held)) {
        this.#splitUp();
        return;
      }
      // Hashes fill all buckets alike: this one will soon be as large as the others.
      if (held.index.capacity < this.#usual && this.#enlarge(held, this.#usual)) return;
      if (this.#enlarge(held, held.index.nextCapacity)) return;
      if (!this.#split) {
        this.#splitUp();
        return;
      }
      this.#memory.relieve(bucket);
    }
  }

  /** Makes room for so many keys where memory is granted. */
  #enlarge(held: Bucket, capacity: number): boolean {
    const { index } = held;
    const wider = held.numbers !== undefined && capacity > held.numbers.length;
    const needed = index.growthBytes(capacity) + (wider ? capacity * 8 : 0);
    if (!this.#memory.acquire(needed)) return false;
    index.grow(capacity);
    if (wider) held.numbers = resized(held.numbers!, index.capacity);
    const bytes = bucketBytes(held);
    this.#memory.release(held.acquired + needed - bytes);
    held.acquired = bytes;
    if (this.#split && index.kind === "number") this.#usual = Math.max(this.#usual, index.capacity);
    return true;
  }

  #isLarge({ index, numbers, acquired }: Bucket): boolean {
    if (index.kind === "number" && numbers !== undefined) return index.count >= cachedNumbers;
    return acquired >= largestTable;
  }

  /** Makes many buckets of the only one. */
  #splitUp(): void {
    this.#split = true;
    const whole = this.#buckets[0];
    if (whole === undefined) return;
    this.#memory.release(whole.acquired);
    splitBucket(whole, this.#level * bucketBits).forEach((part, bucket) => {
      this.#buckets[bucket] = part;
      if (part === undefined) return;
      const bytes = bucketBytes(part);
      // What is refused here is counted with the bucket's next growth.
      if (this.#memory.acquire(bytes)) part.acquired = bytes;
    });
  }

  #spill(bucket: number, { kind, numbers, block, rows, values }: Slice, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const key = kind === "number" ? numbers![at] : block!.key(rows[at]!);
      this.#memory.spill(bucket, key, values[at]);
    }
  }

  /** Brings block and buckets to the same kind of keys. */
  #alignKinds(block: PairBlock, code: CombineCode): void {
    if (this.#keyKind === undefined) {
      this.#keyKind = block.keyKind;
      return;
    }
    this.#settle(code);
    block.widenKeys();
    this.#usual = 0;
    if (this.#keyKind === "any") return;
    this.#keyKind = "any";
    for (let bucket = 0; bucket < bucketCount; bucket++) {
      const held = this.#buckets[bucket];
      if (held !== undefined) this.#widen(bucket, held);
    }
  }

  /** Moves the keys of a bucket into an index for any keys; ids stay. */
  #widen(bucket: number, held: Bucket): void {
    const { index } = held;
    const wide = new ValueIndex();
    const source = keysOf(held);
    const keys = Array.from({ length: index.count }, (_, id) => keyAt(source, id));
    wide.load(keys, index.hashes());
    const heap = keys.length === 0 ? 0 : estimateHeap(keys[0]) * keys.length;
    this.#heap += heap - held.heap;
    const { numbers, values } = held;
    let { acquired } = held;
    const more = wide.bytes + (numbers?.byteLength ?? 0) - acquired;
    if (more < 0) this.#memory.release(-more);
    // Keys that are refused here are counted with the next growth.
    if (more < 0 || this.#memory.acquire(more)) acquired += more;
    this.#buckets[bucket] = {
      index: wide,
      numbers: numbers && resized(numbers, wide.capacity),
      values,
      acquired,
      heap,
    };
  }

  #waits(): boolean {
    if (this.#waiting !== undefined) return true;
    if (this.#waitingRows === 0 || this.entries < cachedNumbers) return false;
    for (let rows = this.#waitingRows; rows >= 256; rows >>= 2) {
      const waiting = WaitingPairs.bytesFor(rows);
      if (!this.#memory.acquire(waiting)) continue;
      this.#waiting = WaitingPairs.take(rows);
      if (this.#ids.length < rows) this.#ids = new Int32Array(rows);
      return true;
    }
    return false;
  }

  /** Puts a block's number pairs from row `first` on where they wait for their bucket's turn. */
  #waitFor(block: PairBlock, first: number, code: CombineCode): void {
    const waiting = this.#waiting!;
    let row = first;
    while ((row = waiting.put(block.keys, block.numbers, row, block.length, this.#level * bucketBits)) < block.length) {
      this.#combineWaiting(waiting, waiting.full, code);
    }
  }

  #combineWaiting(waiting: WaitingPairs, bucket: number, code: CombineCode): void {
    const { keys, values } = waiting.take(bucket);
    if (keys.length === 0) return;
    this.#addTo(bucket, sliceOfNumbers(keys, values), 0, keys.length, code);
  }

  #settle(code: CombineCode): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    for (let bucket = 0; bucket < bucketCount; bucket++) this.#combineWaiting(waiting, bucket, code);
  }
}
