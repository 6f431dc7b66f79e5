import { tableToIPC } from "apache-arrow";
import { expect, test } from "vitest";
import { createBatchBuilder, decodeBatches, decodeValue, encodeBatches, rowsOf, type ColumnBatch } from "./index.ts";
import { toArrowTable } from "./table.ts";

function batchOf(rows: readonly unknown[]): ColumnBatch {
  const builder = createBatchBuilder();
  for (const row of rows) builder.append(row);
  return builder.finish();
}

test("batches of the same types are the batches of a table", () => {
  const table = toArrowTable([batchOf([["apple", 1]]), batchOf([["pear", 2]])]);
  expect(table.batches.length).toBe(2);
  expect([...table.getChild("0")!]).toEqual(["apple", "pear"]);
  expect([...table.getChild("1")!]).toEqual([1, 2]);
});

test("batches of different types become one", () => {
  expect([...toArrowTable([batchOf([1, 2]), batchOf([2.5])]).getChild("value")!]).toEqual([1, 2, 2.5]);
  const mixed = toArrowTable([batchOf([1]), batchOf(["a"])]).getChild("value")!;
  expect([...mixed].map((bytes) => decodeValue(bytes as Uint8Array))).toEqual([1, "a"]);
});

test("no batches are an empty table", () => {
  expect(toArrowTable([]).numRows).toBe(0);
});

test("tables of apache-arrow are batches again", () => {
  const rows = [
    { name: "a", n: 1 },
    { name: "b", n: null },
  ];
  const table = toArrowTable(decodeBatches(encodeBatches([batchOf(rows)])));
  expect(decodeBatches(tableToIPC(table, "stream")).flatMap((batch) => rowsOf(batch))).toEqual(rows);
});
