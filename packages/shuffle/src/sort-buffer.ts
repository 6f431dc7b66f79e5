import {
  createBatchBuilder,
  gather,
  ReusedBuffers,
  rowsOf,
  valueAt,
  type BuilderCode,
  type ColumnBatch,
  type TextRows,
} from "@gloam/arrow";
import { keyColumn } from "./key-ranks.ts";
import type { SortComparison } from "./sort-comparison.ts";
import { SortOrder } from "./sort-order.ts";

/** Bytes that sorting takes for each row beside its columns: ranks and orders, twice each, and where it is picked from. */
const sortingBytes = 40;

/** Bytes that a pair of texts takes at most beside the texts' own. */
export const textsRowBytes = sortingBytes + 2 * Int32Array.BYTES_PER_ELEMENT;

/** Pairs that are collected in columns, sorted and read out in order; then the next ones in the same memory. */
export class SortBuffer {
  /** Pairs so far. */
  length = 0;
  readonly #builder: ReturnType<typeof createBatchBuilder>;
  readonly #order: SortOrder;
  readonly #buffers = new ReusedBuffers();
  #sorted: ColumnBatch | undefined;
  #rows: Int32Array = new Int32Array(0);

  constructor(comparison: SortComparison, code?: BuilderCode) {
    this.#builder = createBatchBuilder(code === undefined ? {} : { code });
    this.#order = new SortOrder(comparison);
    this.append = this.#builder.pairAppender();
  }

  /** Appends a pair that is like those before; false where `put` has to. */
  append: (key: unknown, value: unknown) => boolean;

  /** Appends any pair; false when the buffer has to be emptied first. Raises GLOAM_VALUE_NOT_SERIALIZABLE. */
  put(key: unknown, value: unknown): boolean {
    const done = this.#builder.appendPair(key, value);
    this.append = this.#builder.pairAppender();
    return done;
  }

  /** Appends the rows `from .. to` of pairs of texts; false, and nothing done, unless the pairs before are such and there is room. */
  putTexts(rows: TextRows, from: number, to: number): boolean {
    if (!this.#builder.appendTexts(rows, from, to)) return false;
    this.length += to - from;
    return true;
  }

  /** Bytes in use and for sorting. */
  get byteLength(): number {
    return this.#builder.byteLength + this.length * sortingBytes;
  }

  /** Sorts the pairs; then they can be read, and none appended. */
  sort(): void {
    const batch = this.#builder.view();
    this.#rows = this.#order.of(batch);
    this.#sorted = batch;
  }

  /** The keys at some places of the sorted order. */
  keys(places: readonly number[]): unknown[] {
    const { length } = this.#sorted!;
    const rows = Int32Array.from(places, (place) => this.#rows[place]!);
    const column = keyColumn(this.#sorted!);
    if (column !== undefined) return rowsOf(gather({ length, column }, rows));
    return Array.from(rows, (row) => (valueAt(this.#sorted!, row) as readonly unknown[])[0]);
  }

  /** The pairs at the places `from .. to` of the sorted order; valid until the next call. */
  gather(from: number, to: number): ColumnBatch {
    this.#buffers.restart();
    return gather(this.#sorted!, this.#rows, from, to, this.#buffers);
  }

  /** Empties the buffer; types and memory stay. */
  clear(): void {
    this.length = 0;
    this.#sorted = undefined;
    this.#builder.clear();
    this.append = this.#builder.pairAppender();
  }
}
