import { createBatchBuilder, type Column, type ColumnBatch } from "@gloam/arrow";
import { numberColumn } from "./number-column.ts";
import { unpackString } from "./packed-strings.ts";
import { utf8Column } from "./utf8-column.ts";

/** Keys by row number, in the form in which a kernel holds them. */
export type KeySource =
  | { readonly kind: "number"; readonly keys: Float64Array }
  | {
      readonly kind: "string";
      /** Packed units, see `PackedStrings`. */
      readonly words: Int32Array;
      readonly starts: Int32Array;
      readonly lengths: Int32Array;
    }
  | { readonly kind: "any"; readonly keys: ArrayLike<unknown> };

/** Values by row number: a Float64Array where all are numbers. */
export type ValueSource = Float64Array | readonly unknown[];

/** The key of one row as a JavaScript value. */
export function keyAt(source: KeySource, row: number): unknown {
  if (source.kind === "string") return unpackString(source.words, source.starts[row]!, source.lengths[row]!);
  return source.keys[row];
}

/**
 * The pairs of `rows[from .. to]`, in that order, as column batches of [key, value]: one, or several where the values do
 * not share one type.
 */
export function gatherPairs(
  keys: KeySource,
  values: ValueSource,
  rows: Int32Array,
  from: number,
  to: number,
  emit: (batch: ColumnBatch) => void,
): void {
  if (to === from) return;
  const keyColumn = gatherKeys(keys, rows, from, to);
  if (keyColumn === undefined) {
    buildPairs(keys, values, rows, from, to, emit);
  } else if (values instanceof Float64Array) {
    emit(pairs(to - from, keyColumn, numberColumn(gatherNumbers(values, rows, from, to))));
  } else {
    buildValues(keys, keyColumn, values, rows, from, to, emit);
  }
}

/** `source[rows[from]] .. source[rows[to]]`. */
export function gatherNumbers(source: Float64Array, rows: Int32Array, from: number, to: number): Float64Array {
  const gathered = new Float64Array(to - from);
  for (let row = from; row < to; row++) gathered[row - from] = source[rows[row]!]!;
  return gathered;
}

/** The keys of `rows[from .. to]` as a column; undefined where they need a builder. */
export function gatherKeys(keys: KeySource, rows: Int32Array, from: number, to: number): Column | undefined {
  switch (keys.kind) {
    case "number":
      return numberColumn(gatherNumbers(keys.keys, rows, from, to));
    case "string": {
      const starts = new Int32Array(to - from);
      const lengths = new Int32Array(to - from);
      for (let at = from; at < to; at++) {
        const row = rows[at]!;
        starts[at - from] = keys.starts[row]!;
        lengths[at - from] = keys.lengths[row]!;
      }
      return utf8Column(keys.words, starts, lengths, to - from);
    }
    case "any":
      return undefined;
  }
}

function pairs(length: number, key: Column, value: Column): ColumnBatch {
  return { length, column: { kind: "tuple", children: [key, value] } };
}

function buildPairs(
  keys: KeySource,
  values: ValueSource,
  rows: Int32Array,
  from: number,
  to: number,
  emit: (batch: ColumnBatch) => void,
): void {
  const builder = createBatchBuilder();
  for (let at = from; at < to; at++) {
    const row = rows[at]!;
    const key = keyAt(keys, row);
    if (builder.appendPair(key, values[row])) continue;
    emit(builder.finish());
    builder.appendPair(key, values[row]);
  }
  if (builder.length > 0) emit(builder.finish());
}

function buildValues(
  keys: KeySource,
  keyColumn: Column,
  values: readonly unknown[],
  rows: Int32Array,
  from: number,
  to: number,
  emit: (batch: ColumnBatch) => void,
): void {
  const builder = createBatchBuilder();
  let begin = from;
  for (let at = from; at < to; at++) {
    if (builder.append(values[rows[at]!])) continue;
    // The values change their type: the keys are cut at the same row.
    const column = builder.finish().column;
    emit(pairs(at - begin, gatherKeys(keys, rows, begin, at) ?? keyColumn, column));
    begin = at;
    builder.append(values[rows[at]!]);
  }
  const column = builder.finish().column;
  emit(pairs(to - begin, begin === from ? keyColumn : (gatherKeys(keys, rows, begin, to) ?? keyColumn), column));
}
