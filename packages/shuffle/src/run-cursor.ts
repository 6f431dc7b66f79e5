import { rowsOf, valueAt, type Column, type ColumnBatch } from "@gloam/arrow";
import type { Batch, BatchReader } from "@gloam/plan";
import { keyColumn, rankKeys, textOf, type RankKind } from "./key-ranks.ts";
import type { SortComparison } from "./sort-comparison.ts";
import { firstNotBefore, type KeyRange } from "./sort-sketch.ts";
import { compareTexts, type Text } from "./text-order.ts";

/** The rows of one sorted run within a range, batch by batch, each with its rank. */
export class RunCursor {
  /** Ranks of the present batch's rows. */
  ranks = new Float64Array(0);
  rankKind: RankKind = "none";
  /** Whether equal ranks mean equal keys. */
  exact = false;
  /** The rows `from .. to` of the present batch lie in the range. */
  from = 0;
  to = 0;
  readonly #reader: BatchReader;
  readonly #range: KeyRange;
  readonly #order: SortComparison;
  #batch: Batch | undefined;
  #keyColumn: Column | undefined;
  #text: Text | undefined;
  #rows: ArrayLike<unknown> | undefined;
  #keys: readonly unknown[] | undefined;

  constructor(reader: BatchReader, range: KeyRange, order: SortComparison) {
    this.#reader = reader;
    this.#range = range;
    this.#order = order;
  }

  /** Goes on with the next batch that has rows of the range; false at the end. */
  load(): boolean {
    for (;;) {
      const batch = this.#reader.next();
      this.#take(batch);
      if (batch === undefined) return false;
      const { lower, upper } = this.#range;
      const { compare } = this.#order;
      const keyAt = (row: number): unknown => this.key(row);
      const last = this.to - 1;
      if (last < 0) continue;
      // Most batches lie within the range as a whole.
      if (lower !== undefined && compare(this.key(0), lower.key) < 0) {
        this.from = firstNotBefore(this.to, keyAt, lower.key, compare);
      }
      if (upper !== undefined && compare(this.key(last), upper.key) >= 0) {
        this.to = firstNotBefore(this.to, keyAt, upper.key, compare);
      }
      if (this.from < this.to) return true;
    }
  }

  /** The present batch's columns; undefined where it is of rows. */
  get columns(): ColumnBatch | undefined {
    return this.#batch?.columns;
  }

  /** The rows of the present batch as values. */
  rows(): ArrayLike<unknown> {
    const batch = this.#batch!;
    return (this.#rows ??= batch.rows ?? rowsOf(batch.columns));
  }

  /** The key of a row of the present batch. */
  key(row: number): unknown {
    const column = this.#keyColumn;
    if (column === undefined) return (this.rows()[row] as readonly unknown[])[0];
    const batch = { length: this.#batch!.length, column };
    // Where there are ranks, few keys are asked for.
    return this.rankKind === "none" ? (this.#keys ??= rowsOf(batch))[row] : valueAt(batch, row);
  }

  /** Compares the key of a row with that of another cursor's. */
  compare(row: number, other: RunCursor, otherRow: number): number {
    if (this.rankKind === other.rankKind && this.rankKind !== "none") {
      const rank = this.ranks[row]!;
      const otherRank = other.ranks[otherRow]!;
      if (rank !== otherRank) return rank < otherRank ? -1 : 1;
      if (this.exact && other.exact) return 0;
      if (this.rankKind === "text") {
        const order = compareTexts(this.#text!, row, other.#text!, otherRow);
        return this.#order.ascending ? order : -order;
      }
    }
    return this.#order.compare(this.key(row), other.key(otherRow));
  }

  close(): void {
    this.#reader.close?.();
  }

  #take(batch: Batch | undefined): void {
    this.#batch = batch;
    this.#rows = undefined;
    this.#keys = undefined;
    this.from = 0;
    this.to = batch?.length ?? 0;
    this.#keyColumn = batch?.columns === undefined ? undefined : keyColumn(batch.columns);
    this.#text = textOf(this.#keyColumn);
    this.rankKind = "none";
    if (this.#order.custom) return;
    if (this.ranks.length < this.to) this.ranks = new Float64Array(this.to);
    const { kind, exact } = rankKeys(this.#keyColumn, this.ranks, this.to, this.#order.ascending);
    this.rankKind = kind;
    this.exact = exact;
  }
}
