import { tableFromIPC, type Table } from "apache-arrow";
import type { ColumnBatch } from "./column.ts";
import { encodeBatches } from "./ipc/encode.ts";
import { typesOf } from "./read/layout.ts";
import { concatBatches } from "./select/concat.ts";

/**
 * Batches as a Table of apache-arrow, for whatever takes one. Tuples are structs with fields "0", "1" and so on; `any`
 * columns are binary, see `decodeValue`. Batches of different types become one batch of a type that holds them all. The
 * other way round: `decodeBatches(tableToIPC(table, "stream"))`.
 *
 * Costs the encoding, and 70 to 110 ms for apache-arrow when this module is loaded.
 *
 * @example
 * toArrowTable(decodeBatches(block)).getChild("0")?.get(0);
 */
export function toArrowTable(batches: readonly ColumnBatch[]): Table {
  const [first] = batches;
  const alike = first === undefined || batches.every((batch) => typesOf(batch) === typesOf(first));
  return tableFromIPC(encodeBatches(alike ? batches : [concatBatches(batches)]));
}
