import type { ColumnOf } from "@gloam/arrow";
import { bucketBits } from "./bucket.ts";
import { kernelMemory, type NumberKernels } from "./kernels/number-kernels.ts";

/** Pairs that are staged at once. */
export const stagedRows = 4096;

const valuesAt = stagedRows * 8;
const lanesAt = stagedRows * 16;
const filledAt = stagedRows * 20;

/** A column of plain numbers. */
export type Numbers = Float64Array | Int32Array;

/**
 * Pairs of numbers distributed over lanes, each with room for as many: pairs are staged, told their lanes and appended, in
 * their order. About 8 ns a pair with few lanes; with 64 long ones the memory takes twice as long.
 */
export class NumberLanes {
  readonly lanes: number;
  /** Pairs that a lane has room for. */
  readonly rows: number;
  readonly #kernels: NumberKernels;
  readonly #buffer: ArrayBuffer;
  readonly #stagedKeys: Float64Array;
  readonly #stagedValues: Float64Array;
  readonly #stagedLanes: Int32Array;
  readonly #filled: Int32Array;
  readonly #keysAt: number;
  readonly #valuesAt: number;
  readonly #narrowAt: number;

  constructor(lanes: number, rows: number) {
    this.lanes = lanes;
    this.rows = rows;
    this.#keysAt = filledAt + Math.ceil(lanes / 4) * 16;
    this.#valuesAt = this.#keysAt + lanes * rows * 8;
    this.#narrowAt = this.#valuesAt + lanes * rows * 8;
    const { kernels, buffer } = kernelMemory(NumberLanes.bytesFor(lanes, rows));
    this.#kernels = kernels;
    this.#buffer = buffer;
    this.#stagedKeys = new Float64Array(buffer, 0, stagedRows);
    this.#stagedValues = new Float64Array(buffer, valuesAt, stagedRows);
    this.#stagedLanes = new Int32Array(buffer, lanesAt, stagedRows);
    this.#filled = new Int32Array(buffer, filledAt, lanes);
  }

  /** Bytes of the memory. */
  static bytesFor(lanes: number, rows: number): number {
    return filledAt + Math.ceil(lanes / 4) * 16 + lanes * rows * 16 + rows * 8;
  }

  /** Pairs in all lanes. */
  get length(): number {
    return this.#filled.reduce((sum, count) => sum + count, 0);
  }

  /** Stages the pairs `from .. to`, `stagedRows` at most. */
  stage(keys: Numbers, values: Numbers, from: number, to: number): void {
    this.#stagedKeys.set(keys.subarray(from, to));
    this.#stagedValues.set(values.subarray(from, to));
  }

  /** The lanes of `count` staged pairs are the partitions of their keys. */
  laneByPartition(count: number): void {
    this.#kernels.hash(0, count, lanesAt);
    this.#kernels.partition(lanesAt, count, this.lanes);
  }

  /** The lanes of `count` staged pairs are the buckets of their keys' hashes without the first `shift` bits. */
  laneByBucket(count: number, shift: number): void {
    this.#kernels.hash(0, count, lanesAt);
    this.#kernels.bucket(lanesAt, count, shift, 32 - bucketBits);
  }

  /** Says the lanes of the staged pairs. */
  laneBy(lanes: Int32Array): void {
    this.#stagedLanes.set(lanes);
  }

  /** Appends the staged pairs `row .. end`. Stops before one whose lane is full, and gives its place; `end` otherwise. */
  append(row: number, end: number): number {
    const { rows } = this;
    return this.#kernels.append(0, valuesAt, lanesAt, row, end, rows, this.#keysAt, this.#valuesAt, filledAt);
  }

  /** The lane of a staged pair. */
  laneOf(row: number): number {
    return this.#stagedLanes[row]!;
  }

  /** Pairs in a lane. */
  filled(lane: number): number {
    return this.#filled[lane]!;
  }

  /** The keys in a lane; valid until something is appended. */
  keys(lane: number): Float64Array {
    return new Float64Array(this.#buffer, this.#keysAt + lane * this.rows * 8, this.#filled[lane]);
  }

  /** The values in a lane; valid until something is appended. */
  values(lane: number): Float64Array {
    return new Float64Array(this.#buffer, this.#valuesAt + lane * this.rows * 8, this.#filled[lane]);
  }

  /** The keys and values of a lane as the narrowest columns, see `numberColumn`; valid until the next call. */
  columns(
    lane: number,
  ): [key: ColumnOf<"int32"> | ColumnOf<"float64">, value: ColumnOf<"int32"> | ColumnOf<"float64">] {
    return [
      this.#column(this.keys(lane), this.#narrowAt),
      this.#column(this.values(lane), this.#narrowAt + this.rows * 4),
    ];
  }

  /** Empties a lane. */
  clear(lane: number): void {
    this.#filled[lane] = 0;
  }

  /** Empties all lanes. */
  clearAll(): void {
    this.#filled.fill(0);
  }

  #column(values: Float64Array, narrowAt: number): ColumnOf<"int32"> | ColumnOf<"float64"> {
    const { length } = values;
    return this.#kernels.narrow(values.byteOffset, length, narrowAt) === 1
      ? { kind: "int32", values: new Int32Array(this.#buffer, narrowAt, length) }
      : { kind: "float64", values };
  }
}
