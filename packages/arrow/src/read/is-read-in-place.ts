import type { Column, ColumnBatch } from "../column.ts";

/**
 * Whether a loop made with `rowSource` reads the batch's rows as fast as rows that are kept on the heap: numbers and
 * booleans, and tuples, objects and lists of them. A list of ten numbers is made in 20 ns of numbers that lie one after the other; on the
 * heap it would be a cache miss, and work for the garbage collector.
 */
export function isReadInPlace({ column }: ColumnBatch): boolean {
  return isInPlace(column);
}

function isInPlace(column: Column): boolean {
  switch (column.kind) {
    case "null":
    case "int32":
    case "float64":
    case "boolean":
      return true;
    case "tuple":
    case "object":
      return column.children.every(isInPlace);
    case "list":
      return isInPlace(column.child);
    default:
      return false;
  }
}
