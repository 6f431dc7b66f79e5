import { hashFloats, hashInteger, hashNumber, hashWords } from "@gloam/plan";
import { bucketCount } from "./bucket.ts";

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
  readonly #rows: number;
  readonly #keys: Float64Array;
  readonly #values: Float64Array;
  readonly #filled = new Int32Array(bucketCount);

  private constructor(rows: number) {
    this.#rows = rows;
    this.#keys = new Float64Array(rows * bucketCount);
    this.#values = new Float64Array(rows * bucketCount);
  }

  /**
   * Empty buffers, from a task before if it had as many.
   * @param rows Pairs that wait in one bucket at most.
   */
  static take(rows: number): WaitingPairs {
    const kept = WaitingPairs.#kept;
    WaitingPairs.#kept = undefined;
    return kept !== undefined && kept.#rows === rows ? kept : new WaitingPairs(rows);
  }

  /** Pairs in all buckets. */
  get length(): number {
    return this.#filled.reduce((sum, count) => sum + count, 0);
  }

  /** Gives the buffers to the next task. */
  giveBack(): void {
    this.#filled.fill(0);
    WaitingPairs.#kept = this;
  }

  static bytesFor(rows: number): number {
    return rows * bucketCount * 16;
  }

  get bytes(): number {
    return WaitingPairs.bytesFor(this.#rows);
  }

  /**
   * Puts the pairs `from .. to` into their buckets, by the six bits of the hash after the first `shift`. Stops before a
   * pair whose bucket is full, and gives its place.
   */
  put(keys: Float64Array, values: Float64Array, from: number, to: number, shift: number): number {
    const filled = this.#filled;
    const waitingKeys = this.#keys;
    const waitingValues = this.#values;
    const rows = this.#rows;
    for (let at = from; at < to; at++) {
      const key = keys[at]!;
      const bucket = (hashNumber(key, hashFloats, hashWords) << shift) >>> 26;
      const count = filled[bucket]!;
      if (count === rows) {
        this.full = bucket;
        return at;
      }
      const place = bucket * rows + count;
      waitingKeys[place] = key;
      waitingValues[place] = values[at]!;
      filled[bucket] = count + 1;
    }
    return to;
  }

  /** `put` for integers as a column has them. */
  putIntegers(keys: Int32Array, values: Float64Array, from: number, to: number, shift: number): number {
    const filled = this.#filled;
    const waitingKeys = this.#keys;
    const waitingValues = this.#values;
    const rows = this.#rows;
    for (let at = from; at < to; at++) {
      const key = keys[at]!;
      const bucket = (hashInteger(key) << shift) >>> 26;
      const count = filled[bucket]!;
      if (count === rows) {
        this.full = bucket;
        return at;
      }
      const place = bucket * rows + count;
      waitingKeys[place] = key;
      waitingValues[place] = values[at]!;
      filled[bucket] = count + 1;
    }
    return to;
  }

  /** Takes a bucket's pairs; valid until the next `put`. */
  take(bucket: number): { readonly keys: Float64Array; readonly values: Float64Array } {
    const from = bucket * this.#rows;
    const to = from + this.#filled[bucket]!;
    this.#filled[bucket] = 0;
    return { keys: this.#keys.subarray(from, to), values: this.#values.subarray(from, to) };
  }
}
