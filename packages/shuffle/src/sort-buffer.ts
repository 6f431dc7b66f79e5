import { createBatchBuilder, gather, valueAt, type Column, type ColumnBatch } from "@gloam/arrow";
import { gatherKeys, gatherNumbers, gatherPairs, keyAt, type KeySource } from "./gather-pairs.ts";
import { estimateHeap } from "./heap-estimate.ts";
import { numberColumn } from "./number-column.ts";
import { PackedStrings } from "./packed-strings.ts";
import type { SortComparison } from "./sort-comparison.ts";
import { orderByComparison, orderNumbers, orderStrings, type Order } from "./sort-order.ts";

const firstCapacity = 1024;
/** Bytes that sorting takes for each row beside keys and values: prefixes and two orders. */
const sortingBytes = 16;
/** Most rows by which the limit grows at once, so that the budget is met closely. */
const limitStep = 64 * 1024;

/** Pairs that are collected, sorted and read out in order. */
export class SortBuffer {
  length = 0;
  /** `full` is due when there are as many pairs. */
  limit = firstCapacity;
  /** Generated code may write number keys into `keys`, and number values into `numbers`. */
  numberKeys = true;
  numberValues = true;
  keys: Float64Array = new Float64Array(firstCapacity);
  numbers: Float64Array = new Float64Array(firstCapacity);
  readonly #comparison: SortComparison;
  #capacity = firstCapacity;
  readonly #budget: number;
  readonly #heapBudget: number;
  #strings: PackedStrings | undefined;
  #objects: unknown[] = [];
  /** Estimated bytes of `#objects`. */
  #heap = 0;
  readonly #builder = createBatchBuilder();
  #batches: ColumnBatch[] = [];
  #batchBytes = 0;

  /** @param budget Bytes of buffers, those for sorting included. */
  constructor(comparison: SortComparison, budget: number, heapBudget: number) {
    this.#comparison = comparison;
    this.#budget = budget;
    this.#heapBudget = heapBudget;
    if (comparison.custom) this.numberKeys = false;
  }

  /** Takes the key of pair number `length` where generated code could not. */
  putKey(key: unknown): void {
    const at = this.length;
    if (typeof key === "string" && !this.#comparison.custom) {
      if (at === 0 && this.#objects.length === 0 && this.#strings === undefined) {
        this.numberKeys = false;
        this.#strings = new PackedStrings(this.#capacity);
      }
      if (this.#strings !== undefined) {
        this.#strings.put(at, key);
        return;
      }
    }
    if (this.numberKeys) this.#objects = Array.from(this.keys.subarray(0, at));
    else if (this.#strings !== undefined) this.#objects = Array.from({ length: at }, (_, i) => this.#strings!.get(i));
    this.numberKeys = false;
    this.#strings = undefined;
    this.#objects.push(key);
    this.#heap += (at & 63) === 0 ? 64 * estimateHeap(key) : 0;
  }

  /** Takes the value of pair number `length` where generated code could not. */
  putValue(value: unknown): void {
    if (this.numberValues) {
      this.numberValues = false;
      for (let at = 0; at < this.length; at++) this.#append(this.numbers[at]);
    }
    this.#append(value);
  }

  /** At the limit: makes room for more pairs; false when the buffer has to be emptied first. */
  makeRoom(): boolean {
    const limit = Math.min(this.limit * 2, this.limit + limitStep);
    const capacity = limit > this.#capacity ? this.#capacity * 2 : this.#capacity;
    const bytes = capacity * this.#rowBytes() + limit * sortingBytes + (this.#dataBytes() * limit) / this.limit;
    if (bytes > this.#budget || this.#heap > this.#heapBudget) return false;
    if (limit > this.#capacity) {
      this.#capacity = capacity;
      if (this.numberKeys) this.keys = enlarged(this.keys, this.#capacity);
      if (this.numberValues) this.numbers = enlarged(this.numbers, this.#capacity);
      this.#strings?.reserve(this.#capacity);
    }
    this.limit = limit;
    return true;
  }

  /** The sorted order of the pairs. */
  sort(): Order {
    const { ascending, custom, compare } = this.#comparison;
    if (this.numberKeys) return orderNumbers(this.keys, this.length, ascending);
    if (this.#strings !== undefined && !custom) return orderStrings(this.#strings, this.length, ascending);
    return orderByComparison(this.#objects, this.length, compare);
  }

  /** The key of a row. */
  key(row: number): unknown {
    return keyAt(this.#keySource(), row);
  }

  /** The pairs of the rows `order[from .. to]` in batches. */
  gather(order: Order, from: number, to: number, emit: (batch: ColumnBatch) => void): void {
    this.#seal();
    const keys = this.#keySource();
    const [only] = this.#batches;
    const keyColumn = gatherKeys(keys, order, from, to);
    let values: Column | undefined;
    if (this.numberValues) values = numberColumn(gatherNumbers(this.numbers, order, from, to));
    else if (this.#batches.length === 1) values = gather(only!, order, from, to).column;
    if (keyColumn !== undefined && values !== undefined) {
      emit({ length: to - from, column: { kind: "tuple", children: [keyColumn, values] } });
      return;
    }
    const rows = order.subarray(from, to);
    const decoded = Array.from(rows, (row) => this.#value(row));
    const places = Int32Array.from(rows, (_, place) => place);
    const ordered = { kind: "any", keys: Array.from(rows, (row) => keyAt(keys, row)) } as const;
    gatherPairs(ordered, decoded, places, 0, rows.length, emit);
  }

  /** Empties the buffer; kinds stay. */
  clear(): void {
    this.length = 0;
    this.#objects = [];
    this.#heap = 0;
    this.#strings?.clear();
    this.#batches = [];
    this.#batchBytes = 0;
  }

  /** Bytes of arrays that there is one place for each row in. */
  #rowBytes(): number {
    return (this.numberKeys ? 8 : 0) + (this.numberValues ? 8 : 0) + (this.#strings === undefined ? 0 : 12);
  }

  /** Bytes that the pairs take beside. */
  #dataBytes(): number {
    return (this.#strings?.words.byteLength ?? 0) + this.#batchBytes + this.#builder.byteLength;
  }

  #append(value: unknown): void {
    if (this.#builder.append(value)) return;
    this.#seal();
    this.#builder.append(value);
  }

  #seal(): void {
    if (this.#builder.length === 0) return;
    this.#batchBytes += this.#builder.byteLength;
    this.#batches.push(this.#builder.finish());
  }

  #keySource(): KeySource {
    if (this.numberKeys) return { kind: "number", keys: this.keys };
    if (this.#strings === undefined) return { kind: "any", keys: this.#objects };
    const { words, starts, lengths } = this.#strings;
    return { kind: "string", words, starts, lengths };
  }

  #value(row: number): unknown {
    if (this.numberValues) return this.numbers[row];
    let at = row;
    for (const batch of this.#batches) {
      if (at < batch.length) return valueAt(batch, at);
      at -= batch.length;
    }
    return undefined;
  }
}

function enlarged(numbers: Float64Array, length: number): Float64Array {
  const copy = new Float64Array(length);
  copy.set(numbers);
  return copy;
}
