import { createBatchBuilder, gather, type ColumnBatch } from "@gloam/arrow";
import { hashKey, partitionOf } from "@gloam/plan";
import { CountingSort } from "./counting-sort.ts";
import { gatherPairs, keyAt, type KeySource, type ValueSource } from "./gather-pairs.ts";
import { NumberScatter } from "./number-scatter.ts";
import { PackedStrings } from "./packed-strings.ts";

/** Strings are handed out when they fill so many words for each row that there is room for. */
const wordsPerRow = 8;
/** Likewise for the bytes of other pairs. */
const builtBytesPerRow = 56;
/** Bytes that one buffered row may take, whatever its kind: 36 for a pair of numbers, 72 with a string. */
export const scatterRowBytes = 72;
const firstCapacity = 1024;

/**
 * Distributes pairs over destinations: collects them column-wise and hands out, once the buffer is full, each destination's
 * share as one batch, in the order of arrival. Pairs of numbers and of string and number stay in typed arrays all the
 * way; others go through a batch builder.
 */
export class PairScatter {
  /** Pairs in the buffer. */
  length = 0;
  /** `flush` is due when the buffer has as many. */
  limit = firstCapacity;
  /** Generated code may write number keys and number values into the arrays itself. */
  numeric = true;
  keys = new Float64Array(firstCapacity);
  values = new Float64Array(firstCapacity);
  /** The destination of each pair; where `byHash`, filled when the buffer is flushed. */
  targets = new Int32Array(firstCapacity);
  readonly #destinations: number;
  readonly #byHash: boolean;
  readonly #capacity: number;
  readonly #emit: (destination: number, batch: ColumnBatch) => void;
  readonly #sort: CountingSort;
  readonly #keeps: boolean;
  /** Where the arrays' numbers go when they are full, unless batches are kept. */
  #numbers: NumberScatter | undefined;
  readonly #builder = createBatchBuilder();
  #strings: PackedStrings | undefined;
  #general = false;

  /**
   * @param capacity Rows to collect at most.
   * @param byHash The destination is the key's hash partition; otherwise `put` is told it.
   * @param emit Takes a destination's share of the buffer.
   * @param keeps Whether `emit` keeps batches; otherwise one is valid only until `emit` returns.
   */
  constructor(
    destinations: number,
    capacity: number,
    byHash: boolean,
    emit: (destination: number, batch: ColumnBatch) => void,
    keeps = false,
  ) {
    this.#destinations = destinations;
    this.#capacity = Math.max(1, capacity);
    this.#byHash = byHash;
    this.#emit = emit;
    this.#sort = new CountingSort(destinations);
    this.#keeps = keeps;
    this.limit = Math.min(firstCapacity, this.#capacity);
  }

  /** Takes any pair. */
  put(key: unknown, value: unknown, destination: number): void {
    if (!this.#general) {
      if (typeof value === "number") {
        if (typeof key === "number" && this.numeric) {
          const at = this.length;
          this.keys[at] = key;
          this.values[at] = value;
          this.targets[at] = destination;
          if ((this.length = at + 1) >= this.limit) this.full();
          return;
        }
        if (typeof key === "string" && this.#takesStrings) {
          this.#putString(key, value, destination);
          return;
        }
      }
      // From here on everything goes through the builder: kinds that alternate would make tiny batches.
      this.flush();
      this.#general = true;
      this.numeric = false;
      this.#strings = undefined;
    }
    this.#putAny(key, value, destination);
  }

  /** Takes many pairs with their destinations. */
  putAll(keys: KeySource, values: ValueSource, destinations: Int32Array): void {
    const count = destinations.length;
    if (values instanceof Float64Array && !this.#general) {
      if (keys.kind === "number" && this.numeric) {
        if (this.#keeps) this.#putNumbers(keys.keys, values, destinations);
        else this.#scatterNumbers(keys.keys, values, destinations, count);
        return;
      }
      if (keys.kind === "string" && this.#takesStrings) {
        const { words, starts, lengths } = keys;
        for (let row = 0; row < count; row++) {
          this.#putPacked(words, starts[row]!, lengths[row]!, values[row]!, destinations[row]!);
        }
        return;
      }
    }
    for (let row = 0; row < count; row++) this.put(keyAt(keys, row), values[row], destinations[row]!);
  }

  /** Takes the first `count` pairs of numbers by their keys' hash. */
  putHashed(keys: Float64Array, values: Float64Array, count: number): void {
    if (this.numeric && !this.#keeps) {
      this.#scatterNumbers(keys, values, undefined, count);
      return;
    }
    for (let row = 0; row < count; row++) {
      const key = keys[row]!;
      this.put(key, values[row]!, partitionOf(hashKey(key), this.#destinations));
    }
  }

  /** The buffer is at its limit: makes it larger or hands everything out. */
  full(): void {
    if (this.numeric && !this.#keeps) this.#scatterBuffer();
    else if (this.limit >= this.#capacity) this.flush();
    else this.#grow();
  }

  /** Hands out all pairs. */
  flush(): void {
    if (this.numeric && !this.#keeps) {
      this.#scatterBuffer();
      this.#numbers?.finish();
      this.#numbers = undefined;
      return;
    }
    const length = this.length;
    if (length === 0) return;
    this.length = 0;
    if (this.#general) {
      this.#flushBuilder(length);
      return;
    }
    const strings = this.#strings;
    if (this.#byHash) this.#partitionHashes(strings!.hashes, length);
    const source: KeySource =
      strings === undefined
        ? { kind: "number", keys: this.keys }
        : { kind: "string", words: strings.words, starts: strings.starts, lengths: strings.lengths };
    const { rows, starts } = this.#sort.sort(this.targets, length);
    for (let destination = 0; destination < this.#destinations; destination++) {
      gatherPairs(source, this.values, rows, starts[destination]!, starts[destination + 1]!, (batch) =>
        this.#emit(destination, batch),
      );
    }
    strings?.clear();
  }

  /** Whether strings may come: none but strings, or nothing at all, is waiting. */
  get #takesStrings(): boolean {
    return this.#strings !== undefined || (this.length === 0 && this.#numbers === undefined);
  }

  /** Hands the numbers in the buffer on. */
  #scatterBuffer(): void {
    const { length } = this;
    if (length === 0) return;
    this.length = 0;
    this.#scatterNumbers(this.keys, this.values, this.#byHash ? undefined : this.targets, length);
  }

  #scatterNumbers(keys: Float64Array, values: Float64Array, targets: Int32Array | undefined, count: number): void {
    this.#scatterBuffer();
    this.#numbers ??= new NumberScatter(this.#destinations, this.#capacity, this.#emit);
    this.#numbers.put(keys, values, targets, count);
  }

  #putString(key: string, value: number, destination: number): void {
    if (this.#strings === undefined) {
      this.#strings = new PackedStrings(this.#capacity);
      this.numeric = false;
    }
    const strings = this.#strings;
    const at = this.length;
    strings.put(at, key);
    this.values[at] = value;
    this.targets[at] = destination;
    this.length = at + 1;
    if (this.length >= this.limit) this.full();
    else if (strings.end >= this.#capacity * wordsPerRow) this.flush();
  }

  #putNumbers(keys: Float64Array, values: Float64Array, destinations: Int32Array): void {
    for (let from = 0; from < destinations.length;) {
      const to = Math.min(destinations.length, from + this.limit - this.length);
      this.keys.set(keys.subarray(from, to), this.length);
      this.values.set(values.subarray(from, to), this.length);
      this.targets.set(destinations.subarray(from, to), this.length);
      this.length += to - from;
      from = to;
      if (this.length >= this.limit) this.full();
    }
  }

  #putPacked(words: Int32Array, start: number, length: number, value: number, destination: number): void {
    const strings = (this.#strings ??= new PackedStrings(this.#capacity));
    this.numeric = false;
    const at = this.length;
    strings.putPacked(at, words, start, length);
    this.values[at] = value;
    this.targets[at] = destination;
    this.length = at + 1;
    if (this.length >= this.limit) this.full();
    else if (strings.end >= this.#capacity * wordsPerRow) this.flush();
  }

  #putAny(key: unknown, value: unknown, destination: number): void {
    const target = this.#byHash ? partitionOf(hashKey(key), this.#destinations) : destination;
    if (!this.#builder.appendPair(key, value)) {
      this.flush();
      this.#builder.appendPair(key, value);
    }
    this.targets[this.length++] = target;
    if (this.length >= this.limit) this.full();
    else if (this.#builder.byteLength >= this.#capacity * builtBytesPerRow) this.flush();
  }

  #flushBuilder(length: number): void {
    const batch = this.#builder.finish();
    const { rows, starts } = this.#sort.sort(this.targets, length);
    for (let destination = 0; destination < this.#destinations; destination++) {
      const from = starts[destination]!;
      const to = starts[destination + 1]!;
      if (to > from) this.#emit(destination, gather(batch, rows, from, to));
    }
  }

  #partitionHashes(hashes: Int32Array, length: number): void {
    const partitions = this.#destinations;
    for (let row = 0; row < length; row++) this.targets[row] = partitionOf(hashes[row]!, partitions);
  }

  #grow(): void {
    const capacity = Math.min(this.limit * 4, this.#capacity);
    const keys = new Float64Array(this.numeric ? capacity : 0);
    if (this.numeric) keys.set(this.keys);
    const values = new Float64Array(capacity);
    values.set(this.values);
    const targets = new Int32Array(capacity);
    targets.set(this.targets);
    this.keys = keys;
    this.values = values;
    this.targets = targets;
    this.limit = capacity;
  }
}
