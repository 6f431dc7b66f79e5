import type { Column, ColumnBatch } from "../column.ts";

/**
 * Whether a loop made with `rowSource` had better read the batch's rows than have them kept on the heap. Numbers and
 * booleans, and tuples, objects and lists of them, are read as fast: a list of ten numbers is made in 20 ns of numbers that lie one after
 * the other; on the heap it would be a cache miss, and work for the garbage collector. Rows with typed arrays take two to five
 * times as much memory on the heap, and whoever changes an array there would change it for all who read it later.
 */
export function isReadInPlace({ column }: ColumnBatch): boolean {
  return isInPlace(column) || hasVectors(column);
}

function hasVectors(column: Column): boolean {
  switch (column.kind) {
    case "vector":
      return true;
    case "tuple":
    case "object":
      return column.children.some(hasVectors);
    case "list":
      return hasVectors(column.child);
    default:
      return false;
  }
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
