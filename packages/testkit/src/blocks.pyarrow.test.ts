import { createBatchBuilder, decodeBatches, encodeBatches, rowsOf, type ColumnBatch } from "@gloam/arrow";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A Python that has pyarrow; `npm run test:pyarrow` makes one. */
const python = process.env["GLOAM_TEST_PYTHON"] ?? "python3";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "gloam-pyarrow-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

function batchOf(rows: readonly unknown[]): ColumnBatch {
  const builder = createBatchBuilder();
  for (const row of rows) expect(builder.append(row)).toBe(true);
  return builder.finish();
}

function runPython(program: string, ...parameters: string[]): string {
  const path = fileURLToPath(new URL(`programs/${program}`, import.meta.url));
  return execFileSync(python, [path, ...parameters], { encoding: "utf8" });
}

/** A column as pyarrow describes it. */
interface Described {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly values: readonly unknown[];
}

/** The columns of each stream of what Gloam writes. */
function readByPyarrow(batches: readonly ColumnBatch[]): Described[][] {
  const file = join(directory, "written.arrow");
  writeFileSync(file, encodeBatches(batches));
  return JSON.parse(runPython("describe_stream.py", file)) as Described[][];
}

/** What pyarrow writes of what it has read. */
function rewriteByPyarrow(rows: readonly unknown[]): unknown[] {
  const [from, to] = [join(directory, "from.arrow"), join(directory, "to.arrow")];
  writeFileSync(from, encodeBatches([batchOf(rows)]));
  runPython("rewrite_stream.py", from, to);
  return decodeBatches(readFileSync(to)).flatMap((batch) => rowsOf(batch));
}

const column = (name: string, type: string, nullable: boolean, ...values: unknown[]): Described => {
  return { name, type, nullable, values };
};

/** Values, and the columns that pyarrow finds for them. */
interface Case {
  readonly name: string;
  readonly rows: readonly unknown[];
  readonly columns: readonly Described[];
}

const values = (name: string, rows: readonly unknown[], ...columns: readonly Described[]): Case => {
  return { name, rows, columns };
};

const text = (value: string): string => Buffer.from(value, "latin1").toString("base64");

const cases: readonly Case[] = [
  values("whole numbers", [1, -2, null, 2147483647], column("value", "int32", true, 1, -2, null, 2147483647)),
  values("numbers", [1.5, -2, -0, 1e300], column("value", "double", false, 1.5, -2, -0, 1e300)),
  values("strings", ["é", "", null, "𝄞", "日本語"], column("value", "string", true, "é", "", null, "𝄞", "日本語")),
  values("ASCII", ["a", "", "word"], column("value", "string", false, "a", "", "word")),
  values("booleans", [true, null, false], column("value", "bool", true, true, null, false)),
  values(
    "bigints",
    [1n, -(2n ** 63n), 2n ** 63n - 1n],
    column("value", "int64", false, "1", "-9223372036854775808", "9223372036854775807"),
  ),
  values(
    "dates",
    [new Date(5), new Date(-1)],
    column(
      "value",
      "timestamp[ms, tz=UTC]",
      false,
      "1970-01-01T00:00:00.005000+00:00",
      "1969-12-31T23:59:59.999000+00:00",
    ),
  ),
  values("bytes", [new Uint8Array([1, 2]), new Uint8Array()], column("value", "binary", false, "AQI=", "")),
  values("nulls", [null, null], column("value", "null", true, null, null)),
  values("nothing", [], column("value", "null", true)),
  values(
    "undefined among nulls",
    [1, undefined, null],
    column(
      "value",
      "struct<value: int32, undefined: bool not null>",
      false,
      { value: 1, undefined: false },
      { value: null, undefined: true },
      { value: null, undefined: false },
    ),
  ),
  values("lists", [[1, 2, 3], [], [4]], column("value", "list<item: int32 not null>", false, [1, 2, 3], [], [4])),
  values(
    "lists with nulls",
    [["a"], null, ["b", null, "c"]],
    column("value", "list<item: string>", true, ["a"], null, ["b", null, "c"]),
  ),
  {
    name: "lists of pairs",
    rows: [[["a", 1], ["b", 2], ["c", 3]], []], // prettier-ignore
    columns: [
      column(
        "value",
        "list<item: struct<0: string not null, 1: int32 not null> not null>",
        false,
        [{ 0: "a", 1: 1 }, { 0: "b", 1: 2 }, { 0: "c", 1: 3 }], // prettier-ignore
        [],
      ),
    ],
  },
  {
    name: "pairs",
    rows: [["a", 1], ["b", 2.5]], // prettier-ignore
    columns: [column("0", "string", false, "a", "b"), column("1", "double", false, 1, 2.5)],
  },
  {
    name: "pairs in pairs",
    rows: [[1, ["x", true]], [2, ["y", false]]], // prettier-ignore
    columns: [
      column("0", "int32", false, 1, 2),
      column("1", "struct<0: string not null, 1: bool not null>", false, { 0: "x", 1: true }, { 0: "y", 1: false }),
    ],
  },
  {
    name: "objects",
    rows: [
      { a: 1, b: "x", tags: ["p", "q", "r"], inner: { deep: true } },
      { a: 2, b: null, tags: [], inner: { deep: false } },
    ],
    columns: [
      column("a", "int32", false, 1, 2),
      column("b", "string", true, "x", null),
      column("tags", "list<item: string not null>", false, ["p", "q", "r"], []),
      column("inner", "struct<deep: bool not null>", false, { deep: true }, { deep: false }),
    ],
  },
  values(
    "typed arrays",
    [Float64Array.of(1.5, -2), new Float64Array(0), null],
    column("value", "list<item: double not null>", true, [1.5, -2], [], null),
  ),
  values(
    "clamped bytes",
    [Uint8ClampedArray.of(1, 255), Uint8ClampedArray.of(3)],
    column("value", "list<item: uint8 not null>", false, [1, 255], [3]),
  ),
  {
    name: "typed arrays beside their keys",
    rows: [["a", Float32Array.of(0.5)], ["b", Float32Array.of(1, 2)]], // prettier-ignore
    columns: [column("0", "string", false, "a", "b"), column("1", "list<item: float not null>", false, [0.5], [1, 2])],
  },
  ...[Int8Array, Int16Array, Uint16Array, Int32Array, Uint32Array].map((constructor) =>
    values(
      constructor.name,
      [constructor.of(1, 2), constructor.of(3)],
      column("value", `list<item: ${constructor.name.slice(0, -5).toLowerCase()} not null>`, false, [1, 2], [3]),
    ),
  ),
  values(
    "mixed values, which are MessagePack",
    [1, "text", [1, null, { a: true }], null],
    column("value", "binary", false, text("\x01"), text("\xa4text"), text("\x93\x01\xc0\x81\xa1a\xc3"), text("\xc0")),
  ),
];

describe.each(cases)("$name", ({ rows, columns }) => {
  test("pyarrow reads what Gloam writes", () => {
    expect(readByPyarrow([batchOf(rows)])).toEqual([columns]);
  });

  test("Gloam reads what pyarrow writes", () => {
    expect(rewriteByPyarrow(rows)).toEqual(rows);
  });
});

test("typed arrays of bigints, and any bits of floats", () => {
  const nans = new Float64Array(BigUint64Array.of(0xfff8_0000_0000_0001n, 0x7ff0_0000_0000_0001n).buffer);
  const rows = [{ signed: BigInt64Array.of(-(2n ** 63n), 5n), unsigned: BigUint64Array.of(2n ** 64n - 1n), nans }];
  const [back] = rewriteByPyarrow(rows) as typeof rows;
  expect(back).toEqual(rows[0]);
  expect(new BigUint64Array(back!.nans.buffer)).toEqual(new BigUint64Array(nans.buffer));
});

test("numbers that JSON does not know", () => {
  const rows = [Infinity, -Infinity, NaN, 5e-324, -0];
  expect(rewriteByPyarrow(rows)).toEqual(rows);
});

test("many batches of one stream", () => {
  const batches = Array.from({ length: 3 }, (_, part) => {
    return batchOf(Array.from({ length: 10_000 }, (__, index) => [`word ${index}`, part * index]));
  });
  const [[words, numbers] = [], ...others] = readByPyarrow(batches);
  expect(words?.values).toHaveLength(30_000);
  expect(numbers?.values.slice(-2)).toEqual([2 * 9998, 2 * 9999]);
  expect(others).toEqual([]);
});

test("several streams in one block", () => {
  const streams = readByPyarrow([batchOf([1, 2]), batchOf([3]), batchOf(["a"])]);
  expect(streams.map(([only]) => only?.values)).toEqual([[1, 2, 3], ["a"]]);
});
