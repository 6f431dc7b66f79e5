import { rowsOf, type Column, type ColumnBatch } from "@gloam/arrow";
import type { Batch, BatchReader } from "@gloam/plan";
import type { SortComparison } from "./sort-comparison.ts";
import { firstNotBefore, type KeyRange } from "./sort-sketch.ts";

/**
 * The rows of one sorted run within a range, batch by batch. Every row has a `rank`, a number that orders rows as their
 * keys do except that different keys may have the same rank: so most comparisons are of two numbers.
 */
export class RunCursor {
  /** Place of the run among all, which orders equal keys. */
  readonly run: number;
  ranks: Float64Array = noRanks;
  /** Ranks of different kinds say nothing of each other, those of kind none nothing at all. */
  rankKind: "number" | "string" | "none" = "none";
  /** Whether equal ranks mean equal keys. */
  exact = false;
  at = 0;
  end = 0;
  /** Columns of numbers, where the batch has no others. */
  numbers: { readonly keys: Numbers; readonly values: Numbers } | undefined;
  readonly #reader: BatchReader;
  readonly #range: KeyRange;
  readonly #order: SortComparison;
  #columns: ColumnBatch | undefined;
  #rows: ArrayLike<unknown> | undefined;

  constructor(run: number, reader: BatchReader, range: KeyRange, order: SortComparison) {
    this.run = run;
    this.#reader = reader;
    this.#range = range;
    this.#order = order;
  }

  /** Goes on with the next batch that has rows of the range; false at the end. */
  load(): boolean {
    for (;;) {
      const batch = this.#reader.next();
      if (batch === undefined) {
        this.#columns = undefined;
        this.#rows = undefined;
        return false;
      }
      this.#take(batch);
      const { lower, upper } = this.#range;
      const { compare } = this.#order;
      const keyAt = (row: number): unknown => this.key(row);
      const last = this.end - 1;
      if (last < 0) continue;
      // Most batches lie within the range as a whole.
      if (lower !== undefined && compare(this.key(0), lower.key) < 0) {
        this.at = firstNotBefore(this.end, keyAt, lower.key, compare);
      }
      if (upper !== undefined && compare(this.key(last), upper.key) >= 0) {
        this.end = firstNotBefore(this.end, keyAt, upper.key, compare);
      }
      if (this.at < this.end) return true;
    }
  }

  /** The rows of the present batch as values. */
  rows(): ArrayLike<unknown> {
    return (this.#rows ??= rowsOf(this.#columns!));
  }

  /** The key of a row of the present batch. */
  key(row: number): unknown {
    return this.numbers === undefined ? (this.rows()[row] as readonly unknown[])[0] : this.numbers.keys[row];
  }

  close(): void {
    this.#reader.close?.();
  }

  #take(batch: Batch): void {
    this.#columns = batch.columns;
    this.#rows = batch.rows;
    this.numbers = undefined;
    this.at = 0;
    this.end = batch.length;
    const key = keyColumn(batch.columns);
    const value = valueColumn(batch.columns);
    const keyNumbers = numbersOf(key);
    const valueNumbers = numbersOf(value);
    if (keyNumbers !== undefined && valueNumbers !== undefined) {
      this.numbers = { keys: keyNumbers, values: valueNumbers };
    }
    this.#rank(key, keyNumbers, batch.length);
  }

  #rank(key: Column | undefined, numbers: Numbers | undefined, length: number): void {
    const { ascending, custom } = this.#order;
    if (this.ranks.length < length) this.ranks = new Float64Array(length);
    this.rankKind = "none";
    if (custom) return;
    if (numbers !== undefined) {
      this.rankKind = "number";
      this.exact = rankNumbers(numbers, this.ranks, length, ascending);
    } else if (key?.kind === "utf8" && key.validity === undefined && key.undefinedBits === undefined) {
      this.rankKind = "string";
      this.exact = false;
      rankStrings(key.offsets, key.bytes, this.ranks, length, ascending);
    }
  }
}

type Numbers = Float64Array | Int32Array;

const noRanks = new Float64Array(0);

function keyColumn(columns: ColumnBatch | undefined): Column | undefined {
  return pairColumns(columns)?.[0];
}

function valueColumn(columns: ColumnBatch | undefined): Column | undefined {
  return pairColumns(columns)?.[1];
}

function pairColumns(columns: ColumnBatch | undefined): readonly Column[] | undefined {
  const column = columns?.column;
  if (column?.kind !== "tuple" || column.validity !== undefined || column.undefinedBits !== undefined) return undefined;
  return column.children;
}

function numbersOf(column: Column | undefined): Numbers | undefined {
  if (column?.kind !== "float64" && column?.kind !== "int32") return undefined;
  return column.validity === undefined && column.undefinedBits === undefined ? column.values : undefined;
}

/** A number is its own rank; NaN shares that of the last. Whether equal ranks mean equal keys. */
function rankNumbers(keys: Numbers, ranks: Float64Array, length: number, ascending: boolean): boolean {
  let exact = true;
  for (let row = 0; row < length; row++) {
    let rank = keys[row]!;
    if (rank !== rank) {
      rank = Infinity;
      exact = false;
    } else if (rank === Infinity) {
      exact = false;
    }
    ranks[row] = ascending ? rank : -rank;
  }
  return exact;
}

const rankCharacters = 7;

/**
 * Seven characters of seven bits. From the first character that is not ASCII on a rank has ones only: such strings come
 * after all that have ASCII there, and are told apart by their keys.
 */
function rankStrings(
  offsets: Int32Array,
  bytes: Uint8Array,
  ranks: Float64Array,
  length: number,
  ascending: boolean,
): void {
  for (let row = 0; row < length; row++) {
    const from = offsets[row]!;
    const size = offsets[row + 1]! - from;
    let high = 0;
    let low = 0;
    let wide = false;
    for (let i = 0; i < rankCharacters; i++) {
      let character = i < size && !wide ? bytes[from + i]! : 0;
      if (wide || character > 127) {
        wide = true;
        character = 127;
      }
      if (i < 4) high = (high << 7) | character;
      else low = (low << 7) | character;
    }
    const rank = high * 2097152 + low;
    ranks[row] = ascending ? rank : -rank;
  }
}
