import type { Bucket } from "./bucket.ts";
import type { ValueSource } from "./gather-pairs.ts";
import { blockRows, type KeyKind, type PairBlock } from "./pair-block.ts";

/** Some pairs, where they lie. */
export interface Slice {
  readonly kind: KeyKind;
  /** Keys of kind number, by place. */
  readonly numbers: Float64Array | undefined;
  /** For keys of other kinds the block that has them, and the row number of each place. */
  readonly block: PairBlock | undefined;
  readonly rows: Int32Array;
  /** Values by place. */
  readonly values: ValueSource;
}

const noRows = new Int32Array(0);
const everyRow = Int32Array.from({ length: blockRows }, (_, row) => row);

/** The pairs of a block, each in its place. */
export function sliceOfBlock(block: PairBlock): Slice {
  return {
    kind: block.keyKind,
    numbers: block.numberKeys ? block.keys : undefined,
    block,
    rows: everyRow,
    values: block.numberValues ? block.numbers : block.values,
  };
}

/** Pairs of numbers. */
export function sliceOfNumbers(keys: Float64Array, values: Float64Array): Slice {
  return { kind: "number", numbers: keys, block: undefined, rows: noRows, values };
}

/** Makes slices of the rows of blocks in another order; each is valid until the next. */
export class OrderedSlices {
  readonly #keys = new Float64Array(blockRows);
  readonly #numbers = new Float64Array(blockRows);

  slice(block: PairBlock, rows: Int32Array, length: number): Slice {
    return {
      kind: block.keyKind,
      numbers: block.numberKeys ? gatherInto(this.#keys, block.keys, rows, length) : undefined,
      block,
      rows,
      values: block.numberValues
        ? gatherInto(this.#numbers, block.numbers, rows, length)
        : gatherValues(block.values, rows, length),
    };
  }
}

/** The ids of a slice's keys, as the indexes' `find` gives them. */
export function findIds(index: Bucket["index"], slice: Slice, from: number, to: number, ids: Int32Array): number {
  switch (index.kind) {
    case "number":
      return index.find(slice.numbers!, from, to, ids);
    case "string":
      return index.find(slice.block!.strings!, slice.rows, from, to, ids);
    case "any":
      return index.find(slice.block!.objects, slice.block!.hashes, slice.rows, from, to, ids);
  }
}

function gatherInto(target: Float64Array, source: Float64Array, rows: Int32Array, length: number): Float64Array {
  for (let at = 0; at < length; at++) target[at] = source[rows[at]!]!;
  return target;
}

function gatherValues(source: readonly unknown[], rows: Int32Array, length: number): unknown[] {
  const gathered = new Array<unknown>(length);
  for (let at = 0; at < length; at++) gathered[at] = source[rows[at]!];
  return gathered;
}
