import { gather, sliceBatch, type Column } from "@gloam/arrow";
import type { Batch } from "@gloam/plan";
import type { JoinTable, Matches } from "./join-table.ts";
import { blockRows, PairBlock } from "./pair-block.ts";
import type { PairBatch } from "./pair-source.ts";

/** Which rows without a match are kept; `anti`: of the left those alone, as they are. */
export type JoinKind = "inner" | "left" | "right" | "full" | "anti";

/** Rows in an output batch: no fewer than in a block. */
const batchRows = blockRows;

/** Keeps the left's rows that have no match. */
export function keepsLeft(join: JoinKind): boolean {
  return join === "left" || join === "full" || join === "anti";
}

/** Keeps the right's rows that have no match. */
export function keepsRight(join: JoinKind): boolean {
  return join === "right" || join === "full";
}

/** Matching rows of a left batch, until the next is asked for. */
export interface Joined {
  readonly batch: PairBatch;
  readonly matches: Matches;
  /** Whether some left row has no match, and the right row -1. */
  readonly missing: boolean;
}

/** Looks left batches up in a table of the right side. */
export class Probe {
  readonly #table: JoinTable;
  readonly #outer: boolean;
  readonly #anti: boolean;
  readonly #ids = new Int32Array(blockRows);
  readonly #matches: Matches = { left: new Int32Array(batchRows), right: new Int32Array(batchRows), count: 0 };
  readonly #block = new PairBlock();
  /** By id of the right's keys: whether a left row had it. */
  readonly #met: Uint8Array | undefined;

  constructor(table: JoinTable, join: JoinKind) {
    this.#table = table;
    this.#outer = keepsLeft(join);
    this.#anti = join === "anti";
    this.#met = keepsRight(join) ? new Uint8Array(table.keyCount) : undefined;
  }

  /** The matches of a batch's rows, some thousand at a time. */
  *matches(batch: PairBatch): Generator<Joined> {
    const { left } = this.#matches;
    while (batch.at < batch.length) {
      const first = batch.at;
      this.#block.clear();
      batch.fillKeys(this.#block);
      const ids = this.#ids;
      this.#table.lookUp(this.#block, ids);
      const length = batch.at - first;
      if (this.#anti) {
        if (this.#unfound(ids, first, length)) yield { batch, matches: this.#matches, missing: true };
        continue;
      }
      const missing = this.#mark(ids, length);
      for (let place = { row: 0, skip: 0 }; place.row < length;) {
        place = this.#table.match(ids, place, length, this.#outer, this.#matches);
        const { count } = this.#matches;
        if (count === 0) continue;
        for (let at = 0; at < count; at++) left[at]! += first;
        yield { batch, matches: this.#matches, missing: missing && this.#outer };
      }
    }
  }

  /** Numbers of the right's rows that no left row matched, in order, some thousand at a time. */
  *unmatched(): Generator<Int32Array> {
    const met = this.#met;
    if (met === undefined) return;
    let rows: number[] = [];
    for (let row = 0; row < this.#table.rows; row++) {
      if (met[this.#table.idOf(row)] === 1) continue;
      rows.push(row);
      if (rows.length === batchRows) {
        yield Int32Array.from(rows);
        rows = [];
      }
    }
    if (rows.length > 0) yield Int32Array.from(rows);
  }

  /** Notes the left's rows whose key is not here; whether there are any. */
  #unfound(ids: Int32Array, first: number, length: number): boolean {
    const { left, right } = this.#matches;
    let count = 0;
    for (let row = 0; row < length; row++) if (ids[row]! < 0) left[count++] = first + row;
    right.fill(-1, 0, count);
    this.#matches.count = count;
    return count > 0;
  }

  /** Marks the keys that were met; whether any was not found. */
  #mark(ids: Int32Array, length: number): boolean {
    let missing = false;
    const met = this.#met;
    for (let row = 0; row < length; row++) {
      const id = ids[row]!;
      if (id < 0) missing = true;
      else if (met !== undefined) met[id] = 1;
    }
    return missing;
  }
}

/** Joined rows as a batch of `[key, [left, right]]`: in columns wherever both sides have them. */
export function joinedBatch(table: JoinTable, { batch, matches, missing }: Joined): Batch {
  const { left, right, count } = matches;
  const columns = batch.columns;
  if (columns !== undefined) {
    const rightColumn = table.valueColumn(right, count, missing);
    if (rightColumn !== undefined) {
      const take = taker(batch.length, left, count);
      const value: Column = { kind: "tuple", children: [take(columns.value), rightColumn] };
      return {
        length: count,
        columns: { length: count, column: { kind: "tuple", children: [take(columns.key), value] } },
      };
    }
  }
  const rows = new Array<unknown>(count);
  for (let at = 0; at < count; at++) {
    const row = left[at]!;
    rows[at] = [batch.key(row), [batch.value(row), table.value(right[at]!)]];
  }
  return { length: count, rows };
}

/** The left's rows as they are. */
export function leftBatch({ batch, matches }: Joined): Batch {
  const { left, count } = matches;
  const columns = batch.columns;
  if (columns !== undefined) {
    const take = taker(batch.length, left, count);
    const children = [take(columns.key), take(columns.value)];
    return { length: count, columns: { length: count, column: { kind: "tuple", children } } };
  }
  const rows = new Array<unknown>(count);
  for (let at = 0; at < count; at++) rows[at] = [batch.key(left[at]!), batch.value(left[at]!)];
  return { length: count, rows };
}

/** Unmatched rows of the right as `[key, [undefined, right]]`. */
export function unmatchedBatch(table: JoinTable, rows: Int32Array): Batch {
  const joined = Array.from(rows, (row) => [table.key(table.idOf(row)), [undefined, table.value(row)]]);
  return { length: joined.length, rows: joined };
}

/** How the left's columns become those of the output: as they are, in part, or gathered. */
function taker(length: number, rows: Int32Array, count: number): (column: Column) => Column {
  const first = rows[0]!;
  let consecutive = rows[count - 1]! - first === count - 1;
  for (let at = 1; consecutive && at < count; at++) consecutive = rows[at] === first + at;
  if (consecutive) return (column) => sliceBatch({ length, column }, first, first + count).column;
  return (column) => gather({ length, column }, rows, 0, count).column;
}
