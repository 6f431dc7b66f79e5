import { createBatchBuilder } from "@gloam/arrow";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compareTexts, rankBytes, rankOf, rankTexts, type Text } from "./text-order.ts";

function textColumn(texts: readonly string[]): Text {
  const builder = createBatchBuilder();
  for (const text of texts) builder.append(text);
  const { column } = builder.finish();
  if (column.kind !== "utf8") throw new Error("not text");
  return column;
}

const pieces = fc.constantFrom(
  "",
  "a",
  "b",
  "\0",
  "ab",
  "zebra",
  "é",
  "ß",
  "日本",
  "\ud7ff",
  "\ue000",
  "\uffff",
  "🙂",
  "😀",
  "x".repeat(9),
);
const texts = fc.array(pieces, { maxLength: 4 }).map((parts) => parts.join(""));
const ascii = fc.string({ maxLength: 9 });

test("ranks and comparisons agree with the order of strings", () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(texts, { minLength: 2 }), fc.array(ascii, { minLength: 2 })), (strings) => {
      const text = textColumn(strings);
      for (const ascending of [true, false]) {
        const ranks = new Float64Array(strings.length);
        rankTexts(text, ranks, strings.length, ascending);
        for (let a = 0; a < strings.length; a++)
          for (let b = 0; b < strings.length; b++) {
            const order = strings[a]! < strings[b]! ? -1 : strings[a]! > strings[b]! ? 1 : 0;
            expect(Math.sign(compareTexts(text, a, text, b))).toBe(order);
            const wanted = ascending ? order : -order;
            if (wanted < 0) expect(ranks[a]).toBeLessThanOrEqual(ranks[b]!);
            if (wanted === 0) expect(ranks[a]).toBe(ranks[b]);
          }
      }
    }),
  );
});

test("ranks from a byte on", () => {
  const strings = ["prefix", "prefix-abc", "prefix-abcdefgh", "prefix-abd", "prefix-é"];
  const text = textColumn(strings);
  const ranks = strings.map((_, row) => rankOf(text, row, rankBytes, true));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  expect(new Set(ranks).size).toBe(5);
});
