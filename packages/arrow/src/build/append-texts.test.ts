import fc from "fast-check";
import { expect, test } from "vitest";
import { createBatchBuilder, rowsOf, type TextRows } from "../index.ts";

const text = fc.constantFrom("", "a", "é", "😀", "x".repeat(17), "y".repeat(300));
const pairs = fc.array(fc.tuple(text, text), { maxLength: 100 });

/** Pairs of texts as they lie in a buffer. */
function placed(rows: readonly (readonly [string, string])[]): TextRows {
  const bytes = Uint8Array.from(Buffer.from(rows.flat().join("")));
  const columns = [0, 1].map(() => ({ begins: new Int32Array(rows.length), ends: new Int32Array(rows.length) }));
  let at = 0;
  for (const [row, pair] of rows.entries())
    for (const [column, value] of pair.entries()) {
      columns[column]!.begins[row] = at;
      columns[column]!.ends[row] = at += Buffer.byteLength(value);
    }
  return { bytes, columns, ascii: bytes.every((byte) => byte < 0x80) };
}

test("texts are appended beside strings, in order", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(pairs, pairs), { maxLength: 5 }), (rounds) => {
      const builder = createBatchBuilder();
      const expected: unknown[] = [["first", "pair"]];
      builder.append(expected[0]);
      for (const [asTexts, asStrings] of rounds) {
        const from = asTexts.length >> 2;
        expect(builder.appendTexts(placed(asTexts), from, asTexts.length)).toBe(true);
        for (const pair of asStrings) builder.append(pair);
        expected.push(...asTexts.slice(from), ...asStrings);
      }
      expect(builder.length).toBe(expected.length);
      expect(rowsOf(builder.view())).toEqual(expected);
      builder.clear();
      expect(builder.appendTexts(placed([["a", "b"]]), 0, 1)).toBe(true);
      expect(rowsOf(builder.finish())).toEqual([["a", "b"]]);
    }),
  );
});

test("texts are refused where rows are something else", () => {
  const rows = placed([["a", "b"]]);
  for (const value of [undefined, "ab", ["a", 1], ["a", null], ["a", "b", "c"], null]) {
    const builder = createBatchBuilder();
    if (value !== undefined) builder.append(value);
    expect(builder.appendTexts(rows, 0, 1)).toBe(false);
    if (value === null) {
      builder.append(["a", "b"]);
      expect(builder.appendTexts(rows, 0, 1)).toBe(false);
    }
  }
});
