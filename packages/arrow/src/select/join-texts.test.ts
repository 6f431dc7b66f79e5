import fc from "fast-check";
import { expect, test } from "vitest";
import { createBatchBuilder, Interleaver, TextJoiner, type ColumnBatch } from "../index.ts";

const text = fc.oneof(
  fc.constantFrom("", "a", "é", "😀", "x".repeat(17), "y".repeat(300)),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const rows = fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 20 });

function build(values: readonly unknown[]): ColumnBatch {
  const builder = createBatchBuilder();
  for (const value of values) builder.append(value);
  return builder.finish();
}

/** All rows that a joiner has begun with, through a small buffer. */
function written(joiner: TextJoiner, length: number): string {
  const out = Buffer.allocUnsafe(1400);
  const pieces: Buffer[] = [];
  for (let row = 0; row < length;) {
    const next = joiner.write(row, out, 0);
    if (next === row) pieces.push(Buffer.from(joiner.text(row++)));
    else pieces.push(Buffer.from(out.subarray(0, joiner.position)));
    row = Math.max(row, next);
  }
  return Buffer.concat(pieces).toString();
}

test("rows are joined as strings are", () => {
  fc.assert(
    fc.property(rows, rows, (first, second) => {
      const joiner = new TextJoiner(["<", 1, ": ", 0, "é\n"]);
      const joined = (pairs: readonly (readonly [string, string])[]): string =>
        pairs.map(([key, value]) => `<${value}: ${key}é\n`).join("");
      for (const pairs of [first, second]) {
        expect(joiner.begin(build(pairs))).toBe(true);
        expect(written(joiner, pairs.length)).toBe(joined(pairs));
      }
      const interleaver = new Interleaver(2);
      interleaver.place(0, build(first));
      interleaver.place(1, build(second));
      const picks = [...first.map((_, row) => [0, row]), ...second.map((_, row) => [1, row])].reverse();
      const [sources, numbers] = [0, 1].map((which) => Int32Array.from(picks, (pick) => pick[which]!));
      expect(joiner.begin({ interleaver, sources: sources!, rows: numbers!, length: picks.length })).toBe(true);
      expect(written(joiner, picks.length)).toBe(joined([...first, ...second].reverse()));
    }),
  );
});

test("a row that no buffer holds is given as a string", () => {
  const joiner = new TextJoiner([0, "=", 1, ";"]);
  expect(joiner.begin(build([["k", "z".repeat(5000)]]))).toBe(true);
  expect(written(joiner, 1)).toBe(`k=${"z".repeat(5000)};`);
});

test("other rows are refused", () => {
  const joiner = new TextJoiner([0, 1]);
  expect(joiner.begin(build([["a", 1]]))).toBe(false);
  expect(joiner.begin(build([["a", null]]))).toBe(false);
  expect(joiner.begin(build([["a", "b"], null]))).toBe(false);
  expect(joiner.begin(build(["ab"]))).toBe(false);
  expect(joiner.begin(build([{ a: "a", b: "b" }]))).toBe(false);
  expect(joiner.begin(build([["a", "b"]]))).toBe(true);
  expect(new TextJoiner([2]).begin(build([["a", "b"]]))).toBe(false);
});

test("bytes that are no UTF-8 row by row are refused", () => {
  const column = (bytes: readonly number[], middle: number) =>
    ({ kind: "utf8", offsets: Int32Array.of(0, middle, bytes.length), bytes: Uint8Array.from(bytes), ascii: false }) as const; // prettier-ignore
  const begins = (bytes: readonly number[], middle: number): boolean =>
    new TextJoiner([0]).begin({ length: 2, column: { kind: "tuple", children: [column(bytes, middle)] } });
  expect(begins([0xc3, 0xa9, 0x61], 2)).toBe(true);
  expect(begins([0xc3, 0xa9, 0x61], 1)).toBe(false);
  expect(begins([0xc3, 0x61, 0x61], 1)).toBe(false);
});
