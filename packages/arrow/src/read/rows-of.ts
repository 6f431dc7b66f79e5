import type { ColumnBatch } from "../column.ts";
import { layoutOf } from "./layout.ts";
import { rowSource } from "./row-source.ts";

type ReadRows = (batch: ColumnBatch, from: number, to: number) => unknown[];

const readers = new Map<string, ReadRows>();

/**
 * The rows `from .. to` (all by default) as values. Rows are made anew each time. Long strings are views of the batch's
 * text, see `detachString`.
 */
export function rowsOf(batch: ColumnBatch, from = 0, to = batch.length): unknown[] {
  const layout = layoutOf(batch);
  let reader = readers.get(layout);
  if (reader === undefined) {
    // Data of endless layouts must not fill the memory with code.
    if (readers.size >= 500) readers.clear();
    readers.set(layout, (reader = compile(layout)));
  }
  return reader(batch, from, to);
}

function compile(layout: string): ReadRows {
  const values: unknown[] = [];
  const source = rowSource(layout, "r_", (value) => `bound[${values.push(value) - 1}]`);
  const body = `"use strict";
return function readRows(batch, from, to) {
  ${source.setup("batch")}
  const rows = new Array(to - from);
  for (let i = from; i < to; i++) rows[i - from] = ${source.at("i")};
  return rows;
};`;
  // The source holds nothing of the data but the names of object fields, as JSON.
  const make = new Function("bound", body) as (bound: unknown[]) => ReadRows;
  return make(values);
}
