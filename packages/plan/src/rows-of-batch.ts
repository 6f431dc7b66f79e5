import { rowsOf } from "@gloam/arrow";
import type { Batch } from "./batch.ts";

/** The elements of a batch as values; decodes columns. Only the first `batch.length` count. */
export function rowsOfBatch(batch: Batch): ArrayLike<unknown> {
  return batch.rows ?? rowsOf(batch.columns);
}
