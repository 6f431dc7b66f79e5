import { Buffer } from "node:buffer";
import type { Batch } from "@gloam/plan";
import fc from "fast-check";
import { expect, test } from "vitest";
import { mostLineBytes } from "./kernels/number-lists-kernel.ts";
import { NumberLists } from "./number-lists.ts";

type Conversion = "Number" | "parseFloat";

function rowsOf(batch: Batch): unknown[] {
  if (batch.columns === undefined) return Array.from(batch.rows);
  const { column } = batch.columns;
  const valuesOf = (part: unknown): number[] => Array.from((part as { values: Float64Array }).values);
  if (column.kind === "list") {
    const values = valuesOf(column.child);
    expect(column.offsets.at(-1)).toBe(values.length);
    return Array.from({ length: batch.length }, (_, at) => values.slice(column.offsets[at], column.offsets[at + 1]));
  }
  if (column.kind !== "tuple") throw new Error(column.kind);
  const [first, second] = column.children.map(valuesOf);
  return Array.from({ length: batch.length }, (_, at) => [first![at], second![at]]);
}

/** What is read of lines that come in pieces. */
function read(pieces: readonly string[], separator = ",", conversion: Conversion = "Number"): unknown[] {
  const lists = new NumberLists({ separator, conversion });
  const rows: unknown[] = [];
  const left = [...pieces];
  const pull = (): { buffer: Buffer; from: number; to: number } | undefined => {
    const text = left.shift();
    // Something before it, and one byte behind.
    return text === undefined
      ? undefined
      : { buffer: Buffer.from(`-7${text}9`), from: 2, to: 2 + Buffer.byteLength(text) };
  };
  for (let batch = lists.next(pull); batch !== undefined; batch = lists.next(pull)) rows.push(...rowsOf(batch));
  lists.close();
  return rows;
}

function plain(pieces: readonly string[], separator = ",", conversion: Conversion = "Number"): unknown[] {
  const convert = conversion === "Number" ? Number : Number.parseFloat;
  const lines = pieces.flatMap((text) => text.split("\n").map((line) => line.replace(/\r$/, "")));
  return lines.map((line) => line.split(separator).map((piece) => convert(piece)));
}

const digits = fc.string({ unit: fc.constantFrom("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"), maxLength: 18 });
const decimal = fc
  .tuple(fc.constantFrom("", "", "-", "+", "--"), digits, fc.constantFrom("", ".", ".."), digits)
  .map((parts) => parts.join(""));
const piece = fc.oneof(
  { weight: 5, arbitrary: decimal },
  fc.double().map(String),
  fc.integer().map(String),
  fc.constantFrom(
    "",
    " ",
    "-",
    ".",
    "-0",
    "1e3",
    "0x1f",
    " 7 ",
    "é",
    "\r",
    "1\r2",
    "Infinity",
    "NaN",
    "1_0",
    "1:",
    "1/",
  ),
  fc.constantFrom("999999999999999", "-999999999999999.", "9999999999999999", "0.00000000000001", "12345678.1234567"),
);
const line = fc.array(piece, { minLength: 1, maxLength: 12 });
const separators = fc.constantFrom(",", ";", " ", "\t", "e", ":", "/", "+", "x");
const conversions = fc.constantFrom<Conversion>("Number", "parseFloat");

test("numbers are what a plain program makes of the lines", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n")), { minLength: 1, maxLength: 6 }), {
        maxLength: 4,
      }),
      separators,
      conversions,
      (texts, separator, conversion) => {
        const pieces = texts.map((lines) =>
          lines
            .map(([numbers, end]) => numbers.join(separator) + end)
            .join("")
            .slice(0, -1),
        );
        expect(read(pieces, separator, conversion)).toEqual(plain(pieces, separator, conversion));
      },
    ),
    { numRuns: 1000 },
  );
});

test("decimals are the nearest floats, whatever their length and place", () => {
  const numbers: string[] = [];
  for (let whole = 0; whole <= 16; whole++) {
    for (let fraction = 0; fraction <= 16; fraction++) {
      for (const sign of ["", "-"]) {
        const text = "9182736455463728190".slice(0, whole + fraction);
        numbers.push(`${sign}${text.slice(0, whole)}.${text.slice(whole)}`, `${sign}${text}`);
      }
    }
  }
  expect(read([numbers.join()])).toEqual([numbers.map(Number)]);
  expect(read([numbers.join("\r\n")])).toEqual(numbers.map((text) => [Number(text)]));
});

/** What the columns of a batch are. */
function layoutOf(lists: NumberLists, text: string): string {
  const pieces = [{ buffer: Buffer.from(`${text}\n`), from: 0, to: text.length }];
  const column = lists.next(() => pieces.pop())!.columns!.column;
  if (column.kind === "list") return `list ${column.child.kind}`;
  return column.kind === "tuple" ? column.children.map(({ kind }) => kind).join() : column.kind;
}

test("columns are as narrow as all that was read allows", () => {
  const lists = new NumberLists({ separator: ",", conversion: "Number" });
  const texts = ["1,2", "1,2.0", "1,2.5", "1,2", "3", "1,2"];
  expect(texts.map((text) => layoutOf(lists, text))).toEqual([
    "int32,int32",
    "int32,int32",
    "int32,float64",
    "int32,float64",
    "list float64",
    "list float64",
  ]);
  lists.close();
  const integers = new NumberLists({ separator: ",", conversion: "Number" });
  expect(["1", "1,2,3", "2147483648", "4"].map((text) => layoutOf(integers, text))).toEqual([
    "list int32",
    "list int32",
    "list float64",
    "list float64",
  ]);
  expect(layoutOf(new NumberLists({ separator: ",", conversion: "Number" }), "-0")).toBe("list float64");
});

test("lines that are longer than the kernel's memory, and many short ones", () => {
  const long = Array.from({ length: mostLineBytes }, (_, at) => at % 10).join();
  const short = Array.from({ length: 40_000 }, (_, at) => `${at},`).join("\n");
  const empty = ",".repeat(mostLineBytes);
  const pieces = ["1,2", long, "3", empty, short.slice(0, 100_000), "4"];
  expect(read(pieces)).toEqual(plain(pieces));
});

test("two readers at once do not disturb each other", () => {
  const make = (): NumberLists => new NumberLists({ separator: ",", conversion: "Number" });
  const [first, second] = [make(), make()];
  const one = (text: string) => () => ({ buffer: Buffer.from(`${text}\n`), from: 0, to: text.length });
  let given = 0;
  const batch = first.next(() => (given++ === 0 ? one("1.5,2,3")() : undefined))!;
  let others = 0;
  second.next(() => (others++ === 0 ? one("7,8,9")() : undefined));
  expect(rowsOf(batch)).toEqual([[1.5, 2, 3]]);
  first.close();
  second.close();
});
