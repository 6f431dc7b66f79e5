import fc from "fast-check";
import { expect, test } from "vitest";
import { TextCutter, type TextPlaces } from "./text-cutter.ts";

const piece = fc.constantFrom("a", "bc", "é", "日", "😀", "");
const texts = fc.array(fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")), { maxLength: 10 }); // prettier-ignore
const place = fc.integer({ min: -9, max: 9 });
const cut = fc.record({ from: place, to: place }, { requiredKeys: ["from"] });

/** The texts one behind the other, each with an end. */
function places(lines: readonly string[]): TextPlaces {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  const ends = Int32Array.from([...bytes.keys()].filter((at) => bytes[at] === 10));
  const starts = Int32Array.from(ends, (_, at) => (at === 0 ? 0 : ends[at - 1]! + 1));
  return { bytes, starts, ends, length: lines.length, ascii: bytes.every((byte) => byte < 0x80) };
}

test("texts are cut as strings are, or not at all", () => {
  fc.assert(
    fc.property(texts, cut, cut, (lines, key, value) => {
      const cutter = new TextCutter({ key, value });
      const found = places(lines);
      cutter.cut(found);
      const [keys, values] = cutter.columns;
      const read = (begin: number, end: number): string => Buffer.from(found.bytes.subarray(begin, end)).toString();
      for (const [at, line] of lines.entries()) {
        const pair = [line.slice(key.from, key.to), line.slice(value.from, value.to)];
        expect(cutter.pair(line)).toEqual(pair);
        if (/[^\0-\x7f]/.test(line) && keys.ends[at] === -1) {
          expect(values.ends[at]).toBe(-1);
        } else {
          expect([read(keys.begins[at]!, keys.ends[at]!), read(values.begins[at]!, values.ends[at]!)]).toEqual(pair);
        }
      }
    }),
  );
});

test("what is behind the last counted place may be anything", () => {
  const cutter = new TextCutter({ key: { from: 0, to: 2 }, value: { from: 3 } });
  cutter.cut(places(["ab,é", "é,ab", "a"]));
  expect([...cutter.columns[0].ends.subarray(0, 3)].map((end) => end < 0)).toEqual([false, true, false]);
});

test("a program that replaces what cuts strings is noticed", () => {
  expect(TextCutter.isOriginal()).toBe(true);
  const slice = Object.getOwnPropertyDescriptor(String.prototype, "slice")!;
  try {
    Reflect.defineProperty(String.prototype, "slice", { ...slice, value: () => "" });
    expect(TextCutter.isOriginal()).toBe(false);
  } finally {
    Reflect.defineProperty(String.prototype, "slice", slice);
  }
});
