import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  concatBatches,
  createBatchBuilder,
  decodeBatches,
  encodeBatches,
  gather,
  Interleaver,
  isReadInPlace,
  layoutOf,
  rowSource,
  rowsOf,
  sliceBatch,
  valueAt,
  type ColumnBatch,
} from "./index.ts";
import { equalValues } from "./testing/equal-values.ts";
import { vectorClasses, type Vector, type VectorClass } from "./vector-classes.ts";

function batchOf(rows: readonly unknown[]): ColumnBatch {
  const builder = createBatchBuilder();
  for (const row of rows) expect(builder.append(row)).toBe(true);
  return builder.finish();
}

/** Generated code that reads a row. */
function reader(batch: ColumnBatch, sharesBuffers: boolean): (row: number) => unknown {
  const source = rowSource(layoutOf(batch), "p_", () => "none", { sharesBuffers });
  // oxlint-disable-next-line typescript/no-implied-eval -- generated code is what is tested
  const open = new Function(
    "input",
    `"use strict"; ${source.functions} ${source.setup("input")} return (i) => ${source.at("i")};`,
  ) as (batch: ColumnBatch) => (row: number) => unknown;
  return open(batch);
}

function read(batch: ColumnBatch, sharesBuffers: boolean): unknown[] {
  const at = reader(batch, sharesBuffers);
  return Array.from({ length: batch.length }, (_, i) => at(i));
}

const ways: [string, (batch: ColumnBatch) => unknown[]][] = [
  ["rowsOf", (batch) => rowsOf(batch)],
  ["valueAt", (batch) => Array.from({ length: batch.length }, (_, i) => valueAt(batch, i))],
  ["a loop", (batch) => read(batch, false)],
  ["a loop whose arrays share buffers", (batch) => read(batch, true)],
];

describe.each(Object.keys(vectorClasses) as VectorClass[])("%s", (of) => {
  const constructor = vectorClasses[of];
  const { BYTES_PER_ELEMENT: width } = constructor;
  /** Any bits, among them NaNs that differ. */
  const make = (length: number, seed: number): Vector => {
    const bytes = Uint8Array.from({ length: length * width }, (_, i) => (i * 37 + seed * 101) & 255);
    if (seed % 3 === 0) for (let i = width - 1; i < bytes.length; i += width) bytes[i] = 0x7f;
    return new constructor(bytes.buffer);
  };
  const many = [0, 1, 2, 9, 10, 10, 10, 33, 64, 65, 128, 600, 3, 0, 1200].map((length, i) => make(length, i));

  test("is a column of its own class, beside null and undefined, in tuples, objects and lists", () => {
    expect(layoutOf(batchOf(many))).toBe(`<${of}>`);
    expect(layoutOf(batchOf([null, make(2, 1)]))).toBe(`<${of}>?`);
    expect(layoutOf(batchOf([undefined, make(2, 1)]))).toBe(`<${of}>?!`);
    const rows = many.map((vector, i) => [
      `key ${i}`,
      { vector, all: [vector, make(i, i), vector], none: i % 2 === 0 ? null : vector },
    ]);
    const batch = batchOf(rows);
    expect(layoutOf(batch)).toBe(`(ascii,{"vector":<${of}>,"all":[<${of}>],"none":<${of}>?,},)`);
    for (const source of [batch, ...decodeBatches(encodeBatches([batch]))])
      for (const [, way] of ways.slice(0, 2)) expect(equalValues(way(source), rows)).toBe(true);
  });

  test("beside another class it is MessagePack", () => {
    const other = of === "Int8Array" ? new Int16Array(2) : new Int8Array(2);
    for (const rows of [
      [make(2, 1), other],
      [make(2, 1), [1, 2]],
      [make(2, 1), new Uint8Array(2)],
    ]) {
      // prettier-ignore
      const batch = batchOf(rows);
      expect(layoutOf(batch)).toBe("any");
      expect(equalValues(rowsOf(batch), rows)).toBe(true);
    }
  });

  test("selections keep every bit", () => {
    const batch = batchOf(many);
    const order = Int32Array.from(many.keys()).reverse();
    const picked = [...order].map((index) => many[index]);
    expect(equalValues(rowsOf(gather(batch, order)), picked)).toBe(true);
    const slices = [sliceBatch(batch, 0, 3), sliceBatch(batch, 3, 8), sliceBatch(batch, 8, many.length)];
    expect(equalValues(rowsOf(slices[1]!), many.slice(3, 8))).toBe(true);
    expect(equalValues(rowsOf(concatBatches(slices)), many)).toBe(true);
    const interleaver = new Interleaver(2);
    expect(interleaver.place(0, batch)).toBe(true);
    expect(interleaver.place(1, slices[1]!)).toBe(true);
    const sources = Int32Array.from(many, (_, i) => (i >= 3 && i < 8 ? 1 : 0));
    const rows = Int32Array.from(many, (_, i) => (i >= 3 && i < 8 ? i - 3 : i));
    expect(equalValues(rowsOf(interleaver.gather(sources, rows, 0, many.length)), many)).toBe(true);
    expect(interleaver.approach(0, 0, many.length)).toBe(many.reduce((sum, { byteLength }) => sum + byteLength, 0));
  });

  test.each(ways)("what is done to a row is done to nothing else: %s", (name, way) => {
    const [batch] = decodeBatches(encodeBatches([batchOf(many)]));
    const rows = way(batch!) as Vector[];
    expect(equalValues(rows, many)).toBe(true);
    for (const [i, row] of rows.entries()) {
      if (!name.includes("share")) expect(row.buffer.byteLength).toBe(row.byteLength);
      new Uint8Array(row.buffer, row.byteOffset, row.byteLength).fill(0xaa);
      expect(equalValues(rows.slice(i + 1), many.slice(i + 1))).toBe(true);
    }
    expect(equalValues(rowsOf(batch!), many)).toBe(true);
  });
});

test("rows that are read in any order, or twice, are copies of their own", () => {
  const vector = fc.array(fc.double(), { maxLength: 70 }).map((elements) => Float64Array.from(elements));
  fc.assert(
    fc.property(fc.array(vector, { minLength: 1, maxLength: 60 }), fc.array(fc.nat()), (rows, choices) => {
      const batch = batchOf(rows);
      const at = reader(batch, true);
      for (const choice of choices) {
        const row = at(choice % rows.length) as Float64Array;
        expect(equalValues(row, rows[choice % rows.length])).toBe(true);
        row.fill(-1);
      }
      expect(equalValues(rowsOf(batch), rows)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("other arrays that look like it are no column", () => {
  class Own extends Float64Array {}
  const disguised = Object.setPrototypeOf([1, 2], Float64Array.prototype) as unknown;
  const builder = createBatchBuilder();
  builder.append(new Float64Array(2));
  expect(() => builder.append(new Own(2))).toThrow("GLOAM_VALUE_NOT_SERIALIZABLE");
  expect(() => builder.append(disguised)).toThrow("GLOAM_VALUE_NOT_SERIALIZABLE");
  expect(builder.append(new Float64Array(new SharedArrayBuffer(24), 8, 2))).toBe(true);
  expect(rowsOf(builder.finish())).toEqual([new Float64Array(2), new Float64Array(2)]);
});

test("a builder counts the elements, and uses its buffers again", () => {
  const builder = createBatchBuilder();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 1000; i++) builder.append(new Float32Array(10).fill(i));
    expect(builder.byteLength).toBe(1000 * 44);
    expect(rowsOf(builder.view(), 999)).toEqual([new Float32Array(10).fill(999)]);
    builder.clear();
  }
});

test("rows with typed arrays are read from their columns", () => {
  expect(isReadInPlace(batchOf([["a", new Float64Array(2)]]))).toBe(true);
  expect(isReadInPlace(batchOf([["a", [new Float64Array(2)]]]))).toBe(true);
  expect(isReadInPlace(batchOf([["a", 1]]))).toBe(false);
});
