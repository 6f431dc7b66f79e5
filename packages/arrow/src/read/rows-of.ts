import type { ColumnBatch } from "../column.ts";
import { sliceBatch } from "../select/slice.ts";
import { layoutOf } from "./layout.ts";
import { readingSlices } from "./reading-slices.ts";
import { rowSource } from "./row-source.ts";

/** Puts the batch's rows into `rows` from `at` on. */
type ReadRows = (batch: ColumnBatch, rows: unknown[], at: number) => void;

const readers = new Map<string, ReadRows>();

/**
 * The rows `from .. to` (all by default) as values. Rows are made anew each time. Long strings are views of the batch's
 * text, see `detachString`.
 */
export function rowsOf(batch: ColumnBatch, from = 0, to = batch.length): unknown[] {
  const part = sliceBatch(batch, from, to);
  const layout = layoutOf(part);
  let read = readers.get(layout);
  if (read === undefined) {
    // Data of endless layouts must not fill the memory with code.
    if (readers.size >= 500) readers.clear();
    readers.set(layout, (read = compile(layout)));
  }
  const rows = new Array<unknown>(to - from);
  let at = 0;
  for (const slice of readingSlices(part)) {
    read(slice, rows, at);
    at += slice.length;
  }
  return rows;
}

function compile(layout: string): ReadRows {
  const values: unknown[] = [];
  const source = rowSource(layout, "r_", (value) => `bound[${values.push(value) - 1}]`);
  const body = `"use strict";
${source.functions}
return function readRows(batch, rows, at) {
  ${source.setup("batch")}
  const length = batch.length;
  for (let i = 0; i < length; i++) rows[at + i] = ${source.at("i")};
};`;
  // The source holds nothing of the data but the names of object fields, as JSON.
  const make = new Function("bound", body) as (bound: unknown[]) => ReadRows;
  return make(values);
}
