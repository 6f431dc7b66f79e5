import { createBatchBuilder, gather, rowsOf, valueAt, type Column, type ColumnBatch } from "@gloam/arrow";
import { keyAt, type KeySource } from "./gather-pairs.ts";
import { KeyIds } from "./key-ids.ts";
import { blockRows, type PairBlock } from "./pair-block.ts";

const unknownKey = -1;

/**
 * One side of a join, to be found by key: rows in the order of arrival, values in columns. First `add`, then `seal`, then
 * look up.
 */
export class JoinTable {
  rows = 0;
  readonly #keyIds = new KeyIds();
  /** The key's id of each row; not needed where every key came once, as then row and id are the same. */
  #ids = new Int32Array(blockRows);
  readonly #blockIds = new Int32Array(blockRows);
  /** Values while all are numbers. */
  #numbers: Float64Array | undefined = new Float64Array(blockRows);
  readonly #builder = createBatchBuilder();
  #batches: ColumnBatch[] = [];
  #batchBytes = 0;
  #decoded: unknown[] | undefined;
  /** Rows by key: those of id `i` are `#order[#starts[i] .. #starts[i + 1]]`. Undefined where every key came once. */
  #starts: Int32Array | undefined;
  #order = new Int32Array(0);
  #keys: KeySource | undefined;

  /** Bytes held, those of `seal` included. */
  get bytes(): number {
    const values = this.#numbers?.byteLength ?? this.#batchBytes + this.#builder.byteLength;
    return this.#keyIds.bytes + this.#ids.byteLength * 3 + values;
  }

  /** Number of distinct keys. */
  get keyCount(): number {
    return this.#keyIds.count;
  }

  /** Takes a block's pairs. */
  add(block: PairBlock): void {
    const { length } = block;
    this.#keyIds.add(block, this.#blockIds);
    if (this.rows + length > this.#ids.length) {
      const ids = new Int32Array(this.#ids.length * 2);
      ids.set(this.#ids);
      this.#ids = ids;
      if (this.#numbers !== undefined) {
        const numbers = new Float64Array(ids.length);
        numbers.set(this.#numbers);
        this.#numbers = numbers;
      }
    }
    this.#ids.set(this.#blockIds.subarray(0, length), this.rows);
    if (this.#numbers !== undefined && !block.numberValues) this.#widen(this.#numbers);
    if (this.#numbers !== undefined) this.#numbers.set(block.numbers.subarray(0, length), this.rows);
    else for (let at = 0; at < length; at++) this.#append(block.value(at));
    this.rows += length;
  }

  /** Ends the adding. `decoded`: the values may lie on the heap. */
  seal(decoded: boolean): void {
    if (this.#numbers === undefined) {
      if (this.#builder.length > 0) this.#batches.push(this.#builder.finish());
      if (decoded) this.#decoded = this.#batches.flatMap((batch) => rowsOf(batch));
    }
    const keys = this.#keyIds.count;
    if (keys === this.rows) return;
    const starts = new Int32Array(keys + 1);
    for (let row = 0; row < this.rows; row++) starts[this.#ids[row]! + 1]!++;
    for (let id = 0; id < keys; id++) starts[id + 1]! += starts[id]!;
    const next = starts.slice();
    this.#order = new Int32Array(this.rows);
    for (let row = 0; row < this.rows; row++) this.#order[next[this.#ids[row]!]!++] = row;
    this.#starts = starts;
  }

  /** The ids of a block's keys; negative for keys that are not here. */
  lookUp(block: PairBlock, ids: Int32Array): void {
    this.#keyIds.lookUp(block, ids);
  }

  /** The id of a row's key. */
  idOf(row: number): number {
    return this.#ids[row]!;
  }

  /** The key of an id. */
  key(id: number): unknown {
    return keyAt((this.#keys ??= this.#keyIds.keys()), id);
  }

  /**
   * Writes the matches of the rows from `from` on to `left` and `right` until these are full: row numbers of either side,
   * in the order of the left. With `outer`, a row without a match has the right row -1. Gives where to go on.
   */
  match(ids: Int32Array, from: MatchPlace, to: number, outer: boolean, matches: Matches): MatchPlace {
    const { left, right } = matches;
    const starts = this.#starts;
    const order = this.#order;
    const room = left.length;
    let count = 0;
    let { row, skip } = from;
    for (; row < to && count < room; row++) {
      const id = ids[row]!;
      if (id < 0) {
        if (outer) {
          left[count] = row;
          right[count++] = unknownKey;
        }
      } else if (starts === undefined) {
        left[count] = row;
        right[count++] = id;
      } else {
        const end = starts[id + 1]!;
        let at = starts[id]! + skip;
        for (; at < end && count < room; at++) {
          left[count] = row;
          right[count++] = order[at]!;
        }
        if (at < end) {
          skip = at - starts[id]!;
          break;
        }
        skip = 0;
      }
    }
    matches.count = count;
    return { row, skip };
  }

  /** The value of a row; undefined for the row -1. */
  value(row: number): unknown {
    if (row < 0) return undefined;
    if (this.#numbers !== undefined) return this.#numbers[row];
    if (this.#decoded !== undefined) return this.#decoded[row];
    let at = row;
    for (const batch of this.#batches) {
      if (at < batch.length) return valueAt(batch, at);
      at -= batch.length;
    }
    return undefined;
  }

  /** The values of rows as a column; undefined where that cannot be. Rows of -1 are undefined. */
  valueColumn(rows: Int32Array, count: number, missing: boolean): Column | undefined {
    const numbers = this.#numbers;
    if (numbers === undefined) {
      const [only] = this.#batches;
      return missing || this.#batches.length !== 1 ? undefined : gather(only!, rows, 0, count).column;
    }
    const values = new Float64Array(count);
    if (!missing) {
      for (let at = 0; at < count; at++) values[at] = numbers[rows[at]!]!;
      return { kind: "float64", values };
    }
    const validity = new Uint8Array((count + 7) >> 3);
    const undefinedBits = new Uint8Array(validity.length);
    for (let at = 0; at < count; at++) {
      const row = rows[at]!;
      const bit = 1 << (at & 7);
      if (row < 0) {
        undefinedBits[at >> 3]! |= bit;
      } else {
        validity[at >> 3]! |= bit;
        values[at] = numbers[row]!;
      }
    }
    return { kind: "float64", values, validity, undefinedBits };
  }

  #widen(numbers: Float64Array): void {
    this.#numbers = undefined;
    for (let row = 0; row < this.rows; row++) this.#append(numbers[row]);
  }

  #append(value: unknown): void {
    if (this.#builder.append(value)) return;
    this.#batchBytes += this.#builder.byteLength;
    this.#batches.push(this.#builder.finish());
    this.#builder.append(value);
  }
}

/** Where matching goes on: a left row, and how many of its matches were given already. */
export interface MatchPlace {
  readonly row: number;
  readonly skip: number;
}

/** Matching rows, in the order of the left. */
export interface Matches {
  readonly left: Int32Array;
  readonly right: Int32Array;
  count: number;
}
