import { sliceBits } from "../bitmap.ts";
import type { Column, ColumnBatch } from "../column.ts";

/**
 * The rows `from .. to` as a batch that shares the buffers of values, text and bytes; offsets (and bitmaps, unless `from`
 * is a multiple of 8) are copied.
 */
export function sliceBatch(batch: ColumnBatch, from: number, to: number): ColumnBatch {
  if (from === 0 && to === batch.length) return batch;
  return { length: to - from, column: sliceColumn(batch.column, from, to) };
}

/** The same of a column. */
export function sliceColumn(column: Column, from: number, to: number): Column {
  const bits = (bitmap: Uint8Array | undefined) => (bitmap === undefined ? undefined : sliceBits(bitmap, from, to));
  const absence = { validity: bits(column.validity), undefinedBits: bits(column.undefinedBits) };
  switch (column.kind) {
    case "null":
      return { ...absence, kind: "null" };
    case "int32":
      return { ...absence, kind: "int32", values: column.values.subarray(from, to) };
    case "float64":
      return { ...absence, kind: "float64", values: column.values.subarray(from, to) };
    case "int64":
    case "timestamp":
      return { ...absence, kind: column.kind, values: column.values.subarray(from, to) };
    case "boolean":
      return { ...absence, kind: "boolean", bits: sliceBits(column.bits, from, to) };
    case "utf8":
      return {
        ...absence,
        kind: "utf8",
        offsets: sliceOffsets(column.offsets, from, to),
        bytes: column.bytes.subarray(column.offsets[from], column.offsets[to]),
        ascii: column.ascii,
      };
    case "binary":
    case "any":
      return {
        ...absence,
        kind: column.kind,
        offsets: sliceOffsets(column.offsets, from, to),
        bytes: column.bytes.subarray(column.offsets[from], column.offsets[to]),
      };
    case "vector":
      return {
        ...absence,
        kind: "vector",
        of: column.of,
        offsets: sliceOffsets(column.offsets, from, to),
        values: column.values.subarray(column.offsets[from], column.offsets[to]),
      };
    case "tuple":
      return { ...absence, kind: "tuple", children: column.children.map((child) => sliceColumn(child, from, to)) };
    case "object":
      return {
        ...absence,
        kind: "object",
        names: column.names,
        children: column.children.map((child) => sliceColumn(child, from, to)),
      };
    case "list":
      return {
        ...absence,
        kind: "list",
        offsets: sliceOffsets(column.offsets, from, to),
        child: sliceColumn(column.child, column.offsets[from]!, column.offsets[to]!),
      };
  }
}

/** The offsets of those rows, beginning at 0. */
export function sliceOffsets(offsets: Int32Array, from: number, to: number): Int32Array {
  const base = offsets[from]!;
  if (base === 0) return offsets.subarray(from, to + 1);
  const out = new Int32Array(to - from + 1);
  for (let i = from; i <= to; i++) out[i - from] = offsets[i]! - base;
  return out;
}
