import { isGloamError } from "@gloam/common";
import {
  Bool,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableFromIPC,
  tableToIPC,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
  type Data,
  type DataType,
} from "apache-arrow";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createBatchBuilder } from "../build/batch-builder.ts";
import type { ColumnBatch } from "../column.ts";
import { layoutOf } from "../read/layout.ts";
import { rowsOf } from "../read/rows-of.ts";
import { someRows, vectors } from "../testing/arbitrary-values.ts";
import { decodeValue } from "../value/encode-value.ts";
import { decodeBatches } from "./decode.ts";
import { encodeBatches, planBatches } from "./encode.ts";
import { metadataClasses } from "./metadata-classes.ts";
import type { TypeTree } from "./type-tree.ts";
import { paddedBytes, writeSchema } from "./write-schema.ts";

function batchOf(rows: readonly unknown[]): ColumnBatch {
  const builder = createBatchBuilder();
  for (const row of rows) expect(builder.append(row)).toBe(true);
  return builder.finish();
}

/** Column `name` of our encoding as apache-arrow reads it. */
function column(rows: readonly unknown[], name = "value"): unknown[] {
  return [...tableFromIPC(encodeBatches([batchOf(rows)])).getChild(name)!];
}

test("apache-arrow reads what we write", () => {
  expect(column([1, 2, null])).toEqual([1, 2, null]);
  expect(column([1.5, -0])).toEqual([1.5, -0]);
  expect(column([1n, 2n ** 62n])).toEqual([1n, 2n ** 62n]);
  expect(column(["a", "ü", null, "日本"])).toEqual(["a", "ü", null, "日本"]);
  expect(column([true, false, null, true])).toEqual([true, false, null, true]);
  expect(column([new Date(5), new Date(-5)])).toEqual([5, -5]);
  expect(column([new Uint8Array([1, 2])])).toEqual([new Uint8Array([1, 2])]);
  expect(column([null, null])).toEqual([null, null]);
  expect(
    column(
      [
        ["a", 1],
        ["b", 2],
      ],
      "0",
    ),
  ).toEqual(["a", "b"]);
  expect(
    column(
      [
        ["a", 1],
        ["b", 2],
      ],
      "1",
    ),
  ).toEqual([1, 2]);
  expect(column([{ name: "x", n: 1 }], "name")).toEqual(["x"]);
  expect(column([[1, 2, 3], []]).map((list) => [...(list as Iterable<number>)])).toEqual([[1, 2, 3], []]);
  const floats = column([Float32Array.of(1.5, -0), new Float32Array(0), null]) as (Iterable<number> | null)[];
  expect(floats.map((each) => each && [...each])).toEqual([[1.5, -0], [], null]);
  expect(column([1, undefined, null]).map(String)).toEqual([
    '{"value": 1, "undefined": false}',
    '{"value": null, "undefined": true}',
    '{"value": null, "undefined": false}',
  ]);
  expect(column([1, "a", new Map()]).map((bytes) => decodeValue(bytes as Uint8Array))).toEqual([1, "a", new Map()]);
});

test("apache-arrow finds our metadata", () => {
  const { schema } = tableFromIPC(encodeBatches([batchOf([[[1, "a", 2], new Set()]])]));
  expect(schema.metadata.get("gloam.rows")).toBe("tuple");
  expect(schema.fields[0]!.metadata.get("gloam.kind")).toBe("tuple");
  expect(schema.fields[1]!.metadata.get("ARROW:extension:name")).toBe("gloam.msgpack");
});

test("apache-arrow reads the shape of whatever rows there are", () => {
  fc.assert(
    fc.property(someRows, (rows) => {
      const builder = createBatchBuilder();
      for (const row of rows) if (!builder.append(row)) return;
      expect(tableFromIPC(encodeBatches([builder.finish()])).numRows).toBe(rows.length);
    }),
    { numRuns: 30 },
  );
});

test("we read what apache-arrow writes", () => {
  const columns = {
    i: vectorFromArray([1, null, 3], new Int32()),
    f: vectorFromArray([1.5, 2, null], new Float64()),
    l: vectorFromArray([1n, -1n, 5n], new Int64()),
    s: vectorFromArray(["a", null, "ü"], new Utf8()),
    b: vectorFromArray([true, null, false], new Bool()),
    t: vectorFromArray([new Date(1), new Date(-1), new Date(9)], new TimestampMillisecond()),
    a: vectorFromArray([[1, 2], [], null], new List(new Field("item", new Int32(), true))),
    o: vectorFromArray(
      [{ x: 1, y: "p" }, { x: 2, y: "q" }, null],
      new Struct([new Field("x", new Int32(), true), new Field("y", new Utf8(), true)]),
    ),
  };
  const batches = decodeBatches(tableToIPC(new Table(columns), "stream"));
  expect(batches.flatMap((batch) => rowsOf(batch))).toEqual([
    { i: 1, f: 1.5, l: 1n, s: "a", b: true, t: new Date(1), a: [1, 2], o: { x: 1, y: "p" } },
    { i: null, f: 2, l: -1n, s: null, b: null, t: new Date(-1), a: [], o: { x: 2, y: "q" } },
    { i: 3, f: null, l: 5n, s: "ü", b: false, t: new Date(9), a: null, o: null },
  ]);
});

test("offsets of other writers need not begin at 0", () => {
  const make = (parts: object): Data => makeData(parts as never) as Data;
  const text = make({
    type: new Utf8(),
    length: 2,
    nullCount: 0,
    valueOffsets: Int32Array.of(2, 3, 5),
    data: Buffer.from("xxabb"),
  });
  const numbers = make({ type: new Int32(), length: 5, nullCount: 0, data: Int32Array.of(1, 2, 3, 4, 5) });
  const type = new List(new Field("item", new Int32(), false));
  const lists = make({ type, length: 2, nullCount: 0, valueOffsets: Int32Array.of(1, 2, 4), child: numbers });
  const fields = [new Field<DataType>("s", new Utf8(), false), new Field<DataType>("l", type, false)];
  const struct = make({ type: new Struct(fields as never), length: 2, nullCount: 0, children: [text, lists] });
  const table = new Table([new RecordBatch(new Schema(fields), struct as never)]);
  const rows = decodeBatches(tableToIPC(table, "stream")).flatMap((batch) => rowsOf(batch));
  expect(rows).toEqual([
    { s: "a", l: [2] },
    { s: "bb", l: [3, 4] },
  ]);
});

test("types that no column has are refused by name", () => {
  const bytes = tableToIPC(new Table({ small: vectorFromArray(new Uint8Array([1, 2])) }), "stream");
  expect(() => decodeBatches(bytes)).toThrow(
    /GLOAM_BLOCK_CORRUPT: column 'small': an unsigned integer is not supported/,
  );
});

test("batches of several types are several streams in one block", () => {
  const batches = [batchOf([1]), batchOf([2]), batchOf(["a"]), batchOf([]), batchOf([3])];
  const bytes = encodeBatches(batches);
  expect(decodeBatches(bytes).map(layoutOf)).toEqual(["int32", "int32", "ascii", "null", "int32"]);
  const twice = new Uint8Array(2 * bytes.length);
  twice.set(bytes);
  twice.set(bytes, bytes.length);
  expect(decodeBatches(twice).length).toBe(10);
  expect(decodeBatches(encodeBatches([]))).toEqual([]);
});

test("a plan writes where the bytes stay", () => {
  const plan = planBatches([batchOf(["a", "b"]), batchOf([1])]);
  const slab = new Uint8Array(new SharedArrayBuffer(plan.byteLength + 64)).fill(0xee);
  plan.write(slab, 32);
  const block = slab.subarray(32, 32 + plan.byteLength);
  expect(decodeBatches(block).flatMap((batch) => rowsOf(batch))).toEqual(["a", "b", 1]);
  expect(slab.subarray(0, 32).every((byte) => byte === 0xee)).toBe(true);
  expect(slab.subarray(32 + plan.byteLength).every((byte) => byte === 0xee)).toBe(true);
});

/** Decodes and reads every row; malformed blocks may only end in the coded error. */
function read(bytes: Uint8Array): void {
  try {
    for (const batch of decodeBatches(bytes)) if (batch.length < 100_000) rowsOf(batch);
  } catch (error) {
    if (!isGloamError(error) || error.code !== "GLOAM_BLOCK_CORRUPT") throw error;
  }
}

test("malformed blocks give the coded error and nothing else", () => {
  fc.assert(
    fc.property(someRows, fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), (rows, [cut, first, second, third]) => {
      const builder = createBatchBuilder();
      for (const row of rows) if (!builder.append(row)) return;
      const bytes = encodeBatches([builder.finish()]);
      read(bytes.subarray(0, cut! % bytes.length));
      // Metadata is where a bit does most: the first few hundred bytes.
      const spots = [first! % bytes.length, second! % Math.min(bytes.length, 600)];
      for (const spot of spots) {
        bytes[spot]! ^= 1 << (third! % 8);
        read(bytes);
      }
      bytes.fill(255, spots[0], spots[0]! + 4);
      read(bytes);
    }),
    { numRuns: 150 },
  );
});

/** A block of lists with the metadata of typed arrays. */
function foreignVectors(of: string, elements: Data, valueOffsets: Int32Array): Uint8Array {
  const type = new List(new Field("item", elements.type, true));
  const lists = makeData({ type, length: valueOffsets.length - 1, nullCount: 0, valueOffsets, child: elements });
  const field = new Field<DataType>("v", type, false, new Map([["gloam.kind", of]]));
  const struct = makeData({
    type: new Struct([field] as never),
    length: valueOffsets.length - 1,
    nullCount: 0,
    children: [lists],
  } as never);
  return tableToIPC(new Table([new RecordBatch(new Schema([field]), struct as never)]), "stream");
}

test("lists of other writers are typed arrays where their metadata says so", () => {
  const floats = (...values: (number | null)[]): Data => vectorFromArray(values, new Float64()).data[0]!;
  const rowsRead = (of: string, elements: Data, ...offsets: number[]): unknown[] =>
    decodeBatches(foreignVectors(of, elements, Int32Array.from(offsets))).flatMap((batch) => rowsOf(batch));
  expect(rowsRead("Float64Array", floats(0, 1, 2, 3, 4), 1, 2, 4)).toEqual([
    { v: Float64Array.of(1) },
    { v: Float64Array.of(2, 3) },
  ]);
  expect(rowsRead("Float16Array", floats(1, 2), 0, 2)).toEqual([{ v: [1, 2] }]);
  expect(() => rowsRead("Float32Array", floats(1), 0, 1)).toThrow("GLOAM_BLOCK_CORRUPT: column 'v': not the elements");
  expect(() => rowsRead("Int32Array", floats(1), 0, 1)).toThrow("GLOAM_BLOCK_CORRUPT");
  expect(() => rowsRead("Float64Array", floats(1, null), 0, 2)).toThrow("GLOAM_BLOCK_CORRUPT: a typed array has nulls");
  expect(() => rowsRead("Float64Array", floats(1, 2), 0, 3000)).toThrow("GLOAM_BLOCK_CORRUPT");
  expect(() => rowsRead("Float64Array", floats(1, 2), 0, 2, 1)).toThrow(
    "GLOAM_BLOCK_CORRUPT: a column's offsets decrease",
  );
});

test("malformed blocks of typed arrays give the coded error and nothing else", () => {
  const rows = fc.oneof(...vectors.map((each) => fc.array(fc.option(each), { maxLength: 12 })));
  fc.assert(
    fc.property(rows, fc.nat(), fc.nat(), fc.nat(), (some, cut, spot, change) => {
      const bytes = encodeBatches([batchOf(some)]);
      read(bytes.slice(0, cut % bytes.length));
      const position = spot % bytes.length;
      bytes[position]! ^= 1 << (change % 8);
      read(bytes);
      bytes.fill(255, position, position + 4);
      read(bytes);
    }),
    { numRuns: 300 },
  );
});

test("metadata of a length that would misalign the body gives the coded error", () => {
  const builder = createBatchBuilder();
  builder.append(1);
  const bytes = encodeBatches([builder.finish()]);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const batchAt = 8 + view.getInt32(4, true);
  for (const shift of [-2, 1, 4]) {
    const spoilt = bytes.slice();
    new DataView(spoilt.buffer).setInt32(batchAt + 4, view.getInt32(batchAt + 4, true) + shift, true);
    expect(() => decodeBatches(spoilt)).toThrow("GLOAM_BLOCK_CORRUPT");
  }
});

/** A block of nothing but a schema, whose fields are `count` times the same. */
function repeatedField(count: number): Uint8Array {
  const arrow = metadataClasses();
  const builder = new arrow.Builder();
  const children = arrow.Field.createChildrenVector(builder, []);
  const type = arrow.Null.createNull(builder);
  const name = builder.createString("n".repeat(1000));
  arrow.Field.startField(builder);
  arrow.Field.addName(builder, name);
  arrow.Field.addTypeType(builder, arrow.Type.Null);
  arrow.Field.addType(builder, type);
  arrow.Field.addChildren(builder, children);
  const field = arrow.Field.endField(builder);
  const fields = arrow.Schema.createFieldsVector(builder, new Array<number>(count).fill(field));
  arrow.Schema.startSchema(builder);
  arrow.Schema.addFields(builder, fields);
  const schema = arrow.Schema.endSchema(builder);
  builder.finish(
    arrow.Message.createMessage(builder, arrow.MetadataVersion.V5, arrow.MessageHeader.Schema, schema, 0n, 0),
  );
  return schemaBlock(paddedBytes(builder));
}

function schemaBlock(metadata: Uint8Array): Uint8Array {
  return Buffer.concat([new Uint8Array(new Int32Array([-1, metadata.length]).buffer), metadata]);
}

test("a schema that repeats itself is read to a limit", () => {
  expect(decodeBatches(repeatedField(50))).toEqual([]);
  for (const count of [2000, 20_000])
    expect(() => decodeBatches(repeatedField(count))).toThrow("GLOAM_BLOCK_CORRUPT: a schema is too large");
});

test("a schema that is too deep gives the coded error", () => {
  let type: TypeTree = { kind: "int32", nullable: false };
  for (let i = 0; i < 100; i++) type = { kind: "list", nullable: false, child: type };
  expect(() => decodeBatches(schemaBlock(writeSchema({ spread: false, type })))).toThrow(
    "GLOAM_BLOCK_CORRUPT: a schema is too deep",
  );
});

test("random bytes give the coded error", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (noise, framed) => {
      const frame = Uint8Array.of(255, 255, 255, 255, noise.length & 255, noise.length >> 8, 0, 0);
      read(framed ? Buffer.concat([frame, noise]) : noise);
    }),
    { numRuns: 1000 },
  );
});
