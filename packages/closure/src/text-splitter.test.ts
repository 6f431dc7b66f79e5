import { Buffer } from "node:buffer";
import { TextSpan } from "@gloam/common";
import fastCheck from "fast-check";
import { expect, test } from "vitest";
import { TextSplitter } from "./text-splitter.ts";
import type { Separator } from "./text-use.ts";

/** A text in the middle of a buffer, as readers give it. */
function spanOf(text: string): TextSpan {
  const span = new TextSpan();
  span.bytes = Buffer.from(`ab${text}\ncd`);
  span.from = 2;
  span.to = span.bytes.length - 3;
  span.ascii = false;
  return span;
}

const separators: Separator[] = [
  ...["\\s+", "\\s", "\\W+"].map((text) => ({ pattern: true, text })),
  ...[" ", ",", "a", "\n"].map((text) => ({ pattern: false, text })),
];
const text = fastCheck.oneof(
  fastCheck.string({ unit: fastCheck.constantFrom("a", "b", "_", " ", "\t", ",", ".", "\v", "\x1c", "\r") }),
  fastCheck.string({
    unit: fastCheck.constantFrom(
      "a",
      " ",
      "\u00a0",
      "é",
      "£",
      "€",
      "あ",
      "ﬀ",
      "ᄀ",
      "\u2028",
      "\ud83d\ude00",
      "\ufeff",
      ",",
    ),
  }),
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

test("finds every white space that a regular expression finds, and nothing else", () => {
  const splitter = new TextSplitter({ pattern: true, text: "\\s" });
  for (let code = 0; code < 0x10000; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const given = `x${String.fromCharCode(code)}y`;
    splitter.begin(spanOf(given));
    splitter.next();
    if ((splitter.piece.to === 3) !== /\s/.test(given)) expect.fail(`U+${code.toString(16)}`);
  }
});

test("gives of bytes that are no UTF-8 what split gives of the string", () => {
  const splitter = new TextSplitter({ pattern: true, text: "\\s+" });
  const odd = fastCheck.constantFrom(0x20, 0x61, 0xc2, 0xa0, 0xe2, 0x80, 0x8a, 0xe3, 0xf0, 0x9f, 0xef, 0xbb, 0xbf);
  fastCheck.assert(
    fastCheck.property(fastCheck.array(odd), (given) => {
      const span = new TextSpan();
      span.bytes = Buffer.from([...given, 10]);
      span.to = given.length;
      span.ascii = false;
      const pieces: string[] = [];
      for (splitter.begin(span); splitter.next();) pieces.push(splitter.piece.toString());
      expect(pieces).toEqual(span.toString().split(/\s+/));
    }),
    { numRuns: 2000 },
  );
});

test("knows when a program has replaced what it stands for", () => {
  expect(TextSplitter.isOriginal()).toBe(true);
  for (const [object, key] of [
    [String.prototype, "split"],
    [RegExp.prototype, "exec"],
    [RegExp.prototype, Symbol.split],
    [String.prototype, Symbol.split],
  ] as const) {
    const original = Object.getOwnPropertyDescriptor(object, key);
    Object.defineProperty(object, key, { configurable: true, writable: true, value: () => ["other"] });
    expect(TextSplitter.isOriginal()).toBe(false);
    if (original === undefined) Reflect.deleteProperty(object, key);
    else Object.defineProperty(object, key, original);
  }
  expect(TextSplitter.isOriginal()).toBe(true);
});
