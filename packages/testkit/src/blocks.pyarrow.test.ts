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

function readByPyarrow(batches: readonly ColumnBatch[]): Described[] {
  const file = join(directory, "written.arrow");
  writeFileSync(file, encodeBatches(batches));
  return JSON.parse(runPython("describe_stream.py", file)) as Described[];
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

const cases: readonly Case[] = [
  values("whole numbers", [1, -2, null], column("value", "int32", true, 1, -2, null)),
  values("numbers", [1.5, -2, 1e300], column("value", "double", false, 1.5, -2, 1e300)),
  values("strings", ["é", "", null, "𝄞"], column("value", "string", true, "é", "", null, "𝄞")),
  values("booleans", [true, null, false], column("value", "bool", true, true, null, false)),
  values("bigints", [1n, -5n], column("value", "int64", false, 1, -5)),
  values("dates", [new Date(5)], column("value", "timestamp[ms, tz=UTC]", false, "1970-01-01T00:00:00.005000+00:00")),
  values("bytes", [new Uint8Array([1, 2])], column("value", "binary", false, "AQI=")),
  values("lists", [[1, 2, 3], [4]], column("value", "list<item: int32 not null>", false, [1, 2, 3], [4])),
  {
    name: "pairs",
    rows: [["a", 1], ["b", 2]], // prettier-ignore
    columns: [column("0", "string", false, "a", "b"), column("1", "int32", false, 1, 2)],
  },
  {
    name: "objects",
    rows: [{ a: 1, b: "x" }, { a: 2, b: null }], // prettier-ignore
    columns: [column("a", "int32", false, 1, 2), column("b", "string", true, "x", null)],
  },
];

describe.each(cases)("$name", ({ rows, columns }) => {
  test("pyarrow reads what Gloam writes", () => {
    expect(readByPyarrow([batchOf(rows)])).toEqual(columns);
  });

  test("Gloam reads what pyarrow writes", () => {
    const [from, to] = [join(directory, "from.arrow"), join(directory, "to.arrow")];
    writeFileSync(from, encodeBatches([batchOf(rows)]));
    runPython("rewrite_stream.py", from, to);
    expect(decodeBatches(readFileSync(to)).flatMap((batch) => rowsOf(batch))).toEqual(rows);
  });
});

test("many batches of one stream", () => {
  const batches = Array.from({ length: 3 }, (_, part) => {
    return batchOf(Array.from({ length: 10_000 }, (__, index) => [`word ${index}`, part * index]));
  });
  const [words, numbers] = readByPyarrow(batches);
  expect(words?.values).toHaveLength(30_000);
  expect(numbers?.values.slice(-2)).toEqual([2 * 9998, 2 * 9999]);
});
