import type { ColumnBatch } from "@gloam/arrow";
import { NumberLanes, stagedRows } from "./number-lanes.ts";

/** More memory is not kept from task to task. */
const mostKeptBytes = 4 * 1024 * 1024;

/**
 * Distributes pairs of numbers over destinations, in the order of arrival: hands out a destination's share as a batch whenever
 * there are as many, and the rest at the end. About 12 ns a pair, hash and narrowing to integers included.
 */
export class NumberScatter {
  /**
   * Of this thread, between two tasks: memory that is new for each task costs page faults, and makes V8 collect the heap because
   * of what lies outside of it. Up to 4 MiB a thread that no task accounts for.
   */
  static #kept: NumberLanes | undefined;
  readonly #lanes: NumberLanes;
  readonly #emit: (destination: number, batch: ColumnBatch) => void;

  /**
   * @param capacity Pairs to hold at most, for all destinations: 16 bytes each, and up to 8 more, are taken.
   * @param emit Takes a batch of [key, value] that is valid until it returns. A column is int32 where all of its numbers are.
   */
  constructor(destinations: number, capacity: number, emit: (destination: number, batch: ColumnBatch) => void) {
    const rows = Math.max(1, Math.floor(capacity / destinations));
    let lanes = NumberScatter.#kept;
    // What does not fit has to be gone before there is another: each takes much address space.
    NumberScatter.#kept = undefined;
    if (lanes?.lanes !== destinations || lanes.rows !== rows) lanes = undefined;
    this.#lanes = lanes ?? new NumberLanes(destinations, rows);
    this.#emit = emit;
  }

  /** Takes the first `count` pairs. Without `targets` a pair's destination is its key's hash partition. */
  put(keys: Float64Array, values: Float64Array, targets: Int32Array | undefined, count: number): void {
    const lanes = this.#lanes;
    for (let from = 0; from < count; from += stagedRows) {
      const to = Math.min(count, from + stagedRows);
      const length = to - from;
      lanes.stage(keys, values, from, to);
      if (targets === undefined) lanes.laneByPartition(length);
      else lanes.laneBy(targets.subarray(from, to));
      for (let row = 0; (row = lanes.append(row, length)) < length;) this.#give(lanes.laneOf(row));
    }
  }

  /** Hands out all pairs, and gives the memory to the next task. */
  finish(): void {
    for (let destination = 0; destination < this.#lanes.lanes; destination++) this.#give(destination);
    const { lanes, rows } = this.#lanes;
    if (NumberLanes.bytesFor(lanes, rows) <= mostKeptBytes) NumberScatter.#kept = this.#lanes;
  }

  #give(destination: number): void {
    const length = this.#lanes.filled(destination);
    if (length === 0) return;
    this.#emit(destination, { length, column: { kind: "tuple", children: this.#lanes.columns(destination) } });
    this.#lanes.clear(destination);
  }
}
