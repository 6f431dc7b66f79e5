import type { Column, ColumnBatch } from "../column.ts";
import { sliceBatch } from "../select/slice.ts";

/**
 * Text of a column that becomes one string at a time. V8 makes strings of up to 128 KiB among its young objects, at
 * 0.1 ns a byte; larger ones get pages of their own, at 0.8 ns a byte, and live until a full collection.
 */
const bytesAtOnce = 64 << 10;

/**
 * The batch in slices that are read several times as fast as the whole, because their text is short enough; the batch
 * itself where it is. For loops made with `rowSource`; `rowsOf` does it itself. Substrings that are kept hold on to a
 * slice's text only.
 */
export function readingSlices(batch: ColumnBatch): readonly ColumnBatch[] {
  const bytes = longestText(batch.column, batch.length);
  if (bytes <= 1.5 * bytesAtOnce) return [batch];
  // A multiple of 8, so that bitmaps need not be shifted.
  const rows = Math.max(8, Math.floor((batch.length * bytesAtOnce) / bytes) & ~7);
  const slices: ColumnBatch[] = [];
  for (let from = 0; from < batch.length; from += rows)
    slices.push(sliceBatch(batch, from, Math.min(from + rows, batch.length)));
  return slices;
}

function longestText(column: Column, rows: number): number {
  switch (column.kind) {
    case "utf8":
      return column.offsets[rows]!;
    case "tuple":
    case "object": {
      let longest = 0;
      for (const child of column.children) longest = Math.max(longest, longestText(child, rows));
      return longest;
    }
    case "list":
      return longestText(column.child, column.offsets[rows]!);
    default:
      return 0;
  }
}
