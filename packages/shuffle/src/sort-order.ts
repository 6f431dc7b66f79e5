import { rowsOf, type ColumnBatch } from "@gloam/arrow";
import { keyColumn, numbersOf, rankKeys, textOf } from "./key-ranks.ts";
import { RankOrder } from "./rank-order.ts";
import type { SortComparison } from "./sort-comparison.ts";
import { compareTexts, rankBytes, rankOf, type Text } from "./text-order.ts";

/** Texts of equal ranks that are ordered by comparison; more are ranked by what follows. */
const fewTies = 32;

/** Finds the sorted order of batches of pairs. */
export class SortOrder {
  readonly #comparison: SortComparison;
  readonly #order = new RankOrder();
  #ranks = new Float64Array(0);

  constructor(comparison: SortComparison) {
    this.#comparison = comparison;
  }

  /** The batch's row numbers in the order of keys, equal keys in the order of arrival. Valid until the next order. */
  of(batch: ColumnBatch): Int32Array {
    const { ascending, custom, compare } = this.#comparison;
    const { length } = batch;
    const keys = keyColumn(batch);
    if (this.#ranks.length < length) this.#ranks = new Float64Array(length);
    const ranks = this.#ranks;
    const { kind, exact } = custom ? { kind: "none", exact: false } : rankKeys(keys, ranks, length, ascending);
    if (kind === "none") return orderByComparison(keysOf(batch), compare);
    this.#order.order(ranks, length);
    const { rows } = this.#order;
    const text = textOf(keys);
    if (text !== undefined) {
      eachTie(this.#order.ranks, 0, length, (from, to) => orderTies(text, rows, from, to, rankBytes, ascending));
    } else if (!exact) {
      const numbers = numbersOf(keys)!;
      eachTie(this.#order.ranks, 0, length, (from, to) => {
        const tied = Array.from(rows.subarray(from, to));
        rows.set(
          tied.sort((a, b) => compare(numbers[a], numbers[b])),
          from,
        );
      });
    }
    return rows.subarray(0, length);
  }
}

/** The keys of pairs as values. */
function keysOf(batch: ColumnBatch): unknown[] {
  const column = keyColumn(batch);
  if (column !== undefined) return rowsOf({ length: batch.length, column });
  return rowsOf(batch).map((pair) => (pair as readonly unknown[])[0]);
}

function orderByComparison(keys: readonly unknown[], compare: SortComparison["compare"]): Int32Array {
  const order = Array.from(keys, (_, row) => row);
  // Array.prototype.sort is stable.
  order.sort((a, b) => compare(keys[a], keys[b]));
  return Int32Array.from(order);
}

/** Calls `action` with each range of two and more equal ranks. */
function eachTie(ranks: Float64Array, from: number, to: number, action: (from: number, to: number) => void): void {
  for (let begin = from; begin < to;) {
    const rank = ranks[begin]!;
    let end = begin + 1;
    while (end < to && ranks[end] === rank) end++;
    if (end - begin > 1) action(begin, end);
    begin = end;
  }
}

/** Orders `rows[from .. to]`, in the order of arrival so far, whose texts agree in their first `depth` bytes. */
function orderTies(text: Text, rows: Int32Array, from: number, to: number, depth: number, ascending: boolean): void {
  const sign = ascending ? 1 : -1;
  if (to - from <= fewTies) {
    for (let next = from + 1; next < to; next++) {
      const row = rows[next]!;
      let at = next - 1;
      for (; at >= from && sign * compareTexts(text, rows[at]!, text, row, depth) > 0; at--) rows[at + 1] = rows[at]!;
      rows[at + 1] = row;
    }
    return;
  }
  const tied = rows.slice(from, to);
  const ranks = new Float64Array(tied.length);
  const longest = longestOf(text, tied);
  let begin = depth;
  // Many keys may be the same, or have a long beginning in common.
  for (; begin < longest; begin += rankBytes) {
    for (let i = 0; i < tied.length; i++) ranks[i] = rankOf(text, tied[i]!, begin, ascending);
    if (ranks.some((rank) => rank !== ranks[0])) break;
  }
  if (begin >= longest) {
    // What ranks cannot tell from their end are zeros behind it.
    const { offsets } = text;
    const sizeOf = (row: number): number => offsets[row + 1]! - offsets[row]!;
    if (tied.some((row) => sizeOf(row) !== longest)) {
      rows.set(
        Array.from(tied).sort((a, b) => sign * (sizeOf(a) - sizeOf(b))),
        from,
      );
    }
    return;
  }
  const order = new RankOrder();
  order.order(ranks, tied.length);
  for (let i = 0; i < tied.length; i++) rows[from + i] = tied[order.rows[i]!]!;
  eachTie(order.ranks, 0, tied.length, (first, last) =>
    orderTies(text, rows, from + first, from + last, begin + rankBytes, ascending),
  );
}

function longestOf({ offsets }: Text, rows: Int32Array): number {
  let longest = 0;
  for (const row of rows) longest = Math.max(longest, offsets[row + 1]! - offsets[row]!);
  return longest;
}
