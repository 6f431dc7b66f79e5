import { Buffer } from "node:buffer";
import { TextSpan } from "@gloam/common";
import fastCheck from "fast-check";
import { expect, test } from "vitest";
import { TextSplitter } from "./text-splitter.ts";
import type { Separator } from "./text-use.ts";

/** A text in the middle of a buffer, as readers give it. */
function spanOf(text: string): TextSpan {
  const span = new TextSpan();
  if (/[^\0-\x7f]/.test(text)) span.string = text;
  else {
    span.bytes = Buffer.from(`ab${text}\ncd`);
    span.from = 2;
    span.to = 2 + text.length;
  }
  return span;
}

const separators: Separator[] = [
  ...["\\s+", "\\s", "\\W+", "\\W"].map((text) => ({ pattern: true, text })),
  ...[" ", ",", "a", "\n"].map((text) => ({ pattern: false, text })),
];
const text = fastCheck.oneof(
  fastCheck.string({ unit: fastCheck.constantFrom("a", "b", "_", " ", "\t", ",", ".", "\v", "\x1c", "\r") }),
  fastCheck.string({ unit: fastCheck.constantFrom("a", " ", "\u00a0", "é", "\u2028", "\ud83d\ude00", "\ufeff", ",") }),
);

test.each(separators)("gives the pieces that split gives for $text", (separator) => {
  const splitter = new TextSplitter(separator);
  const by = separator.pattern ? new RegExp(separator.text) : separator.text;
  fastCheck.assert(
    fastCheck.property(text, (given) => {
      const pieces: string[] = [];
      for (splitter.begin(spanOf(given)); splitter.next();) pieces.push(splitter.piece.toString());
      expect(pieces).toEqual(given.split(by));
      expect(splitter.next()).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("knows when a program has replaced what it stands for", () => {
  expect(TextSplitter.isOriginal()).toBe(true);
  for (const [object, key] of [
    [String.prototype, "split"],
    [RegExp.prototype, "exec"],
    [RegExp.prototype, Symbol.split],
  ] as const) {
    const original = Object.getOwnPropertyDescriptor(object, key)!;
    Object.defineProperty(object, key, { ...original, value: () => ["other"] });
    expect(TextSplitter.isOriginal()).toBe(false);
    Object.defineProperty(object, key, original);
  }
  expect(TextSplitter.isOriginal()).toBe(true);
});
