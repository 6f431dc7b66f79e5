import fc from "fast-check";
import { expect, test } from "vitest";
import { createBatchBuilder, gather, Interleaver, ReusedBuffers, rowsOf, type ColumnBatch } from "../index.ts";
import { someRows } from "../testing/arbitrary-values.ts";
import { equalValues } from "../testing/equal-values.ts";

function build(rows: readonly unknown[]): ColumnBatch {
  const builder = createBatchBuilder();
  for (const row of rows) builder.append(row);
  return builder.finish();
}

/** Random numbers that are the same each time. */
function randomNumbers(): (below: number) => number {
  let state = 1;
  return (below) => (state = (state * 16807) % 2147483647) % below;
}

test("rows of any batches of the same types, in any order", () => {
  fc.assert(
    fc.property(someRows, fc.infiniteStream(fc.nat()), (rows, choice) => {
      const next = (below: number) => choice.next().value % below;
      const all = build(rows);
      if (all.length === 0) return;
      // Batches that have their types from the same builder.
      const cut = Int32Array.from({ length: all.length }, (_, row) => row);
      const middle = next(all.length);
      const sources = [gather(all, cut, 0, middle), gather(all, cut, middle)];
      const interleaver = new Interleaver(2);
      for (const [source, batch] of sources.entries()) expect(interleaver.place(source, batch)).toBe(true);
      const values = sources.map((batch) => rowsOf(batch));
      for (let round = 0; round < 2; round++) {
        const picks = Array.from({ length: next(50) }, () => {
          const source = middle === 0 ? 1 : next(2);
          return { source, row: next(values[source]!.length) };
        });
        const mixed = interleaver.gather(
          Int32Array.from(picks, ({ source }) => source),
          Int32Array.from(picks, ({ row }) => row),
          Math.min(3, picks.length),
          picks.length,
        );
        const expected = picks.slice(3).map(({ source, row }) => values[source]![row]);
        expect(equalValues(rowsOf(mixed), expected)).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
});

test("texts of all lengths, ASCII and not, one batch after the other", () => {
  const random = randomNumbers();
  for (const unit of ["x", "é", "日"]) {
    const texts = (source: number) =>
      Array.from({ length: 200 }, (_, row) => `${source},${row},${unit.repeat(random(500))}`);
    const interleaver = new Interleaver(3);
    let sources = [0, 1, 2].map(texts);
    sources.forEach((rows, source) => interleaver.place(source, build(rows)));
    for (let round = 0; round < 3; round++) {
      const of = Int32Array.from({ length: 300 }, () => random(3));
      const rows = Int32Array.from({ length: 300 }, () => random(200));
      interleaver.approach(1, 10, 90);
      expect(rowsOf(interleaver.gather(of, rows, 0, 300))).toEqual(
        Array.from(of, (source, i) => sources[source]![rows[i]!]),
      );
      sources = sources.with(round, texts(round + 3));
      interleaver.place(round, build(sources[round]!));
    }
  }
});

test("numbers are one type, whatever comes first", () => {
  const interleaver = new Interleaver(2);
  expect(interleaver.place(0, build([1, 2]))).toBe(true);
  expect(rowsOf(interleaver.gather(Int32Array.of(0, 0), Int32Array.of(1, 0), 0, 2))).toEqual([2, 1]);
  expect(interleaver.place(1, build([0.5, -0]))).toBe(true);
  expect(interleaver.place(0, build([3, 4]))).toBe(true);
  const mixed = interleaver.gather(Int32Array.of(1, 0, 1), Int32Array.of(1, 0, 0), 0, 3);
  expect(rowsOf(mixed)).toEqual([-0, 3, 0.5]);
});

test("batches of other types have no place", () => {
  const rows = [
    [["a", 1]],
    [["a", "b"]],
    [["a", null]],
    [["a", 1, 2]],
    [{ a: 1 }],
    [{ b: 1 }],
    ["a"],
    [1n],
    [[1, 2, 3]],
  ];
  for (const [index, first] of rows.entries()) {
    const interleaver = new Interleaver(2);
    interleaver.place(0, build(first));
    for (const [other, batch] of rows.entries())
      expect(interleaver.place(1, build(batch)), `${index} ${other}`).toBe(index === other);
  }
});

test("rows gathered into the same memory, more than the cache holds", () => {
  const random = randomNumbers();
  const texts = Array.from({ length: 10_000 }, (_, row) => `${row},${"x".repeat(random(300))}`);
  const batch = build(texts.map((text, row) => [text, row]));
  const buffers = new ReusedBuffers();
  for (const length of [1, 7000, 500]) {
    const rows = Int32Array.from({ length }, () => random(texts.length));
    buffers.restart();
    const gathered = rowsOf(gather(batch, rows, 0, length, buffers));
    expect(gathered).toEqual(Array.from(rows, (row) => [texts[row], row]));
  }
});
