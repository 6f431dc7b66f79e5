import { sliceBatch, type Column, type ColumnBatch } from "@gloam/arrow";
import { GloamError } from "@gloam/common";
import type { Batch } from "../batch.ts";
import type { BatchReader, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { planKernel, type NodeOrigin } from "../operation-node.ts";
import { rowsOfBatch } from "../rows-of-batch.ts";
import { readyAll } from "./called-partition.ts";
import { equalPartitionsNode } from "./equal-partitions.ts";

/**
 * Pairs of the elements at the same places of the parents' partitions. `strict`: partitions have to be of the same length; otherwise
 * what the longer one has more is left out.
 * @throws GloamError `GLOAM_ZIP_UNEQUAL`
 */
export function zipNode(origin: NodeOrigin, left: PlanNode, right: PlanNode, strict: boolean): PlanNode {
  return equalPartitionsNode(origin, [left, right], {
    kernel: planKernel("zipKernel", [], { strict }),
    orderSensitive: true,
  });
}

/** Kernel of `zipNode`. */
export const zipKernel: ReaderKernel = {
  kind: "reader",
  open(context, [left, right]): BatchReader {
    const { strict } = context.data as { readonly strict: boolean };
    const first = new Side(left!.open());
    try {
      return new ZipReader(first, new Side(right!.open()), strict, context.partition);
    } catch (error) {
      first.reader.close?.();
      throw error;
    }
  },
};

/** One side, and what of its present batch has not been paired yet. */
class Side {
  readonly reader: BatchReader;
  batch: Batch | undefined;
  at = 0;
  ended = false;
  #rows: ArrayLike<unknown> | undefined;

  constructor(reader: BatchReader) {
    this.reader = reader;
  }

  get left(): number {
    return this.batch === undefined ? 0 : this.batch.length - this.at;
  }

  load(): void {
    this.batch = this.reader.next();
    this.at = 0;
    this.#rows = undefined;
    if (this.batch === undefined) this.ended = true;
  }

  rows(): ArrayLike<unknown> {
    return (this.#rows ??= rowsOfBatch(this.batch!));
  }
}

/** Pairs as much of both sides' batches as there is of both: columns as they are where both have them. */
class ZipReader implements BatchReader {
  readonly ready?: () => Promise<void> | undefined;
  readonly #left: Side;
  readonly #right: Side;
  readonly #strict: boolean;
  readonly #partition: number;

  constructor(left: Side, right: Side, strict: boolean, partition: number) {
    this.#left = left;
    this.#right = right;
    this.#strict = strict;
    this.#partition = partition;
    if (left.reader.ready !== undefined || right.reader.ready !== undefined) this.ready = () => this.#ready();
  }

  next(): Batch | undefined {
    const [left, right] = [this.#left, this.#right];
    // One batch of each at most: an asynchronous side has to be awaited before it is asked again.
    for (const side of [left, right]) if (side.left === 0 && !side.ended) side.load();
    const length = Math.min(left.left, right.left);
    if (length > 0) {
      const paired = pair(left, right, length);
      left.at += length;
      right.at += length;
      return paired;
    }
    if (!this.#isOver()) return { length: 0, rows: [] };
    if (this.#strict && (!left.ended || !right.ended)) throw this.#unequal();
    return undefined;
  }

  close(): void {
    this.#left.reader.close?.();
    this.#right.reader.close?.();
  }

  /** Whether a side has ended, and the other too or has elements that are left over. */
  #isOver(): boolean {
    const [left, right] = [this.#left, this.#right];
    if (!left.ended && !right.ended) return false;
    return !this.#strict || (left.ended ? right.ended || right.left > 0 : left.left > 0);
  }

  #ready(): Promise<void> | undefined {
    const wanted = [this.#left, this.#right].filter((side) => side.left === 0 && !side.ended);
    return readyAll(wanted.map(({ reader }) => reader));
  }

  #unequal(): GloamError {
    const longer = this.#left.ended ? "other" : "first";
    return new GloamError(
      "GLOAM_ZIP_UNEQUAL",
      `the ${longer} RDD has more elements in its partition ${this.#partition}`,
    );
  }
}

function pair(left: Side, right: Side, length: number): Batch {
  const [a, b] = [left.batch!, right.batch!];
  if (a.rows === undefined && b.rows === undefined) {
    const children = [slice(a.columns, left.at, length), slice(b.columns, right.at, length)];
    return { length, columns: { length, column: { kind: "tuple", children } } };
  }
  const [lefts, rights] = [left.rows(), right.rows()];
  const rows = new Array<unknown>(length);
  for (let i = 0; i < length; i++) rows[i] = [lefts[left.at + i], rights[right.at + i]];
  return { length, rows };
}

function slice(columns: ColumnBatch, from: number, length: number): Column {
  return sliceBatch(columns, from, from + length).column;
}
