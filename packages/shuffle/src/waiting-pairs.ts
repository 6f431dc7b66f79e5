import { bucketCount } from "./bucket.ts";
import { NumberLanes, stagedRows, type Numbers } from "./number-lanes.ts";

/**
 * Pairs of numbers that wait, bucket by bucket, until a bucket has enough of them to be worth bringing its table into the
 * cache. With a million keys this halves the cost of a pair.
 */
export class WaitingPairs {
  /** The bucket that was full when `put` stopped. */
  full = 0;
  /**
   * Of this thread, between two tasks: memory that is new for each task costs 5 ms in page faults, and makes V8 collect the
   * heap because of what lies outside of it. Up to 16 MiB a thread that no task accounts for.
   */
  static #kept: WaitingPairs | undefined;
  readonly #lanes: NumberLanes;

  private constructor(rows: number) {
    this.#lanes = new NumberLanes(bucketCount, rows);
  }

  /**
   * Empty buffers, from a task before if it had as many.
   * @param rows Pairs that wait in one bucket at most.
   */
  static take(rows: number): WaitingPairs {
    let pairs = WaitingPairs.#kept;
    // What does not fit has to be gone before there is another: each takes much address space.
    WaitingPairs.#kept = undefined;
    if (pairs !== undefined && pairs.#lanes.rows !== rows) pairs = undefined;
    return pairs ?? new WaitingPairs(rows);
  }

  /** Pairs in all buckets. */
  get length(): number {
    return this.#lanes.length;
  }

  /** Gives the buffers to the next task. */
  giveBack(): void {
    this.#lanes.clearAll();
    WaitingPairs.#kept = this;
  }

  static bytesFor(rows: number): number {
    return NumberLanes.bytesFor(bucketCount, rows);
  }

  get bytes(): number {
    return WaitingPairs.bytesFor(this.#lanes.rows);
  }

  /**
   * Puts the pairs `from .. to` into their buckets, by their hashes without the first `shift` bits. Stops before a
   * pair whose bucket is full, and gives its place.
   */
  put(keys: Numbers, values: Numbers, from: number, to: number, shift: number): number {
    const lanes = this.#lanes;
    for (let at = from; at < to; at += stagedRows) {
      const end = Math.min(to, at + stagedRows);
      const length = end - at;
      lanes.stage(keys, values, at, end);
      lanes.laneByBucket(length, shift);
      const row = lanes.append(0, length);
      if (row < length) {
        this.full = lanes.laneOf(row);
        return at + row;
      }
    }
    return to;
  }

  /** Takes a bucket's pairs; valid until the next `put`. */
  take(bucket: number): { readonly keys: Float64Array; readonly values: Float64Array } {
    const taken = { keys: this.#lanes.keys(bucket), values: this.#lanes.values(bucket) };
    this.#lanes.clear(bucket);
    return taken;
  }
}
