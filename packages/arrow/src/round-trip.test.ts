import fc from "fast-check";
import { expect, test } from "vitest";
import {
  concatBatches,
  createBatchBuilder,
  decodeBatches,
  encodeBatches,
  gather,
  layoutOf,
  rowSource,
  rowsOf,
  sliceBatch,
  valueAt,
  type BatchBuilder,
  type ColumnBatch,
} from "./index.ts";
import { someRows } from "./testing/arbitrary-values.ts";
import { equalValues } from "./testing/equal-values.ts";

function expectEqual(found: unknown, expected: unknown): void {
  if (!equalValues(found, expected)) expect(found).toEqual(expected);
  expect(equalValues(found, expected)).toBe(true);
}

function build(rows: readonly unknown[], builder: BatchBuilder = createBatchBuilder()): ColumnBatch[] {
  const batches: ColumnBatch[] = [];
  for (const row of rows)
    if (!builder.append(row)) {
      batches.push(builder.finish());
      expect(builder.append(row)).toBe(true);
    }
  batches.push(builder.finish());
  return batches;
}

/** What a stage's generated loop does. */
function readByLoop(batch: ColumnBatch, sharesBuffers = false): unknown[] {
  const bound: unknown[] = [];
  const source = rowSource(layoutOf(batch), "p_", (value) => `bound[${bound.push(value) - 1}]`, { sharesBuffers });
  const element = source.fields === undefined ? source.at("i") : `[${source.fields.map((at) => at("i")).join(", ")}]`;
  // oxlint-disable-next-line typescript/no-implied-eval -- generated code is what is tested
  const read = new Function(
    "bound",
    "input",
    `"use strict"; ${source.functions} ${source.setup("input")} const rows = []; for (let i = 0; i < input.length; i++) rows.push(${element}); return rows;`,
  ) as (bound: unknown[], batch: ColumnBatch) => unknown[];
  return read(bound, batch);
}

test("rows survive columns, and every way to read them agrees", () => {
  fc.assert(
    fc.property(someRows, (rows) => {
      const batches = build(rows);
      expectEqual(
        batches.flatMap((batch) => rowsOf(batch)),
        rows,
      );
      for (const shares of [false, true]) {
        const read = batches.flatMap((batch) => readByLoop(batch, shares));
        expectEqual(read, rows);
      }
      expectEqual(
        batches.flatMap((batch) => Array.from({ length: batch.length }, (_, i) => valueAt(batch, i))),
        rows,
      );
    }),
    { numRuns: 200 },
  );
});

test("many lists of numbers that are equally long survive, and lists of other lengths behind them", () => {
  const list = (length: number, i: number) => Array.from({ length }, (_, k) => (i % 3 === 0 ? i : i / 4) + k);
  for (const length of [0, 1, 10, 16, 17]) {
    for (const row of [(i: number) => list(length, i), (i: number) => [i, list(length, i), `text ${i}`]]) {
      const rows: unknown[] = Array.from({ length: 600 }, (_, i) => row(i));
      for (const all of [rows, [...rows, [1, 2, 3, 4]], [...rows, undefined]]) {
        const batches = build(all);
        expectEqual(
          batches.flatMap((batch) => readByLoop(batch)),
          all,
        );
        const whole = concatBatches(batches);
        for (const from of [0, 1, 8, 299]) expectEqual(readByLoop(sliceBatch(whole, from, 590)), all.slice(from, 590));
        expectEqual(rowsOf(whole, 5, 400), all.slice(5, 400));
      }
    }
  }
  const [lists] = build(Array.from({ length: 300 }, (_, i) => list(10, i)));
  expect(layoutOf(lists!)).toBe("[float64#10]");
  expect(layoutOf(sliceBatch(lists!, 0, 10))).toBe("[float64]");
});

test("rows survive Arrow IPC, also in shared memory and at odd addresses", () => {
  fc.assert(
    fc.property(someRows, fc.integer({ min: 0, max: 9 }), (rows, shift) => {
      const batches = build(rows);
      const bytes = encodeBatches(batches);
      expect(bytes.length % 8).toBe(0);
      const shared = new Uint8Array(new SharedArrayBuffer(bytes.length + shift), shift);
      shared.set(bytes);
      for (const source of [bytes, shared]) {
        const decoded = decodeBatches(source);
        expect(decoded.map(layoutOf)).toEqual(batches.map(layoutOf));
        expectEqual(
          decoded.flatMap((batch) => rowsOf(batch)),
          rows,
        );
      }
    }),
    { numRuns: 200 },
  );
});

test("a builder gives the same rows when its buffers are used again", () => {
  fc.assert(
    fc.property(someRows, someRows, (first, second) => {
      const builder = createBatchBuilder();
      build(first, builder);
      expectEqual(
        build(second, builder).flatMap((batch) => rowsOf(batch)),
        second,
      );
      for (const rows of [first, second]) {
        for (const row of rows) builder.append(row);
        expectEqual(rowsOf(builder.view()), rows);
        builder.clear();
      }
    }),
    { numRuns: 60 },
  );
});

test("pairs are tuples of two", () => {
  fc.assert(
    fc.property(someRows, (rows) => {
      const builder = createBatchBuilder();
      const pairs = rows.map((row, i) => (i % 2 === 0 ? [row, i] : [i, row]));
      for (const [key, value] of pairs) builder.appendPair(key, value);
      expectEqual(rowsOf(builder.finish()), pairs);
    }),
    { numRuns: 60 },
  );
});

test("gather, slice and concat do what arrays do", () => {
  fc.assert(
    fc.property(someRows, fc.infiniteStream(fc.nat()), (rows, choice) => {
      const next = (below: number) => (below === 0 ? 0 : choice.next().value % below);
      for (const batch of build(rows)) {
        const all = rowsOf(batch);
        const indices = Int32Array.from({ length: batch.length === 0 ? 0 : next(20) }, () => next(batch.length));
        const begin = next(indices.length + 1);
        const gathered = gather(batch, indices, begin, indices.length);
        expectEqual(
          rowsOf(gathered),
          [...indices.subarray(begin)].map((index) => all[index]),
        );
        const from = next(batch.length + 1);
        const to = from + next(batch.length + 1 - from);
        const slice = sliceBatch(batch, from, to);
        expectEqual(rowsOf(slice), all.slice(from, to));
        expectEqual(
          decodeBatches(encodeBatches([slice])).flatMap((part) => rowsOf(part)),
          all.slice(from, to),
        );
        const rest = sliceBatch(batch, to, batch.length);
        expectEqual(rowsOf(concatBatches([slice, rest, gathered])), [...all.slice(from), ...rowsOf(gathered)]);
      }
      expectEqual(rowsOf(concatBatches(build(rows).map((batch) => sliceBatch(batch, 0, batch.length)))), rows);
    }),
    { numRuns: 60 },
  );
});
