import type { Column, ColumnBatch } from "@gloam/arrow";

/** Bytes of a batch's buffers. */
export function batchBytes(batch: ColumnBatch): number {
  return columnBytes(batch.column);
}

function columnBytes(column: Column): number {
  const bits = (column.validity?.byteLength ?? 0) + (column.undefinedBits?.byteLength ?? 0);
  switch (column.kind) {
    case "null":
      return bits;
    case "boolean":
      return bits + column.bits.byteLength;
    case "utf8":
    case "binary":
    case "any":
      return bits + column.offsets.byteLength + column.bytes.byteLength;
    case "vector":
      return bits + column.offsets.byteLength + column.values.byteLength;
    case "tuple":
    case "object":
      return column.children.reduce((sum, child) => sum + columnBytes(child), bits);
    case "list":
      return bits + column.offsets.byteLength + columnBytes(column.child);
    default:
      return bits + column.values.byteLength;
  }
}
