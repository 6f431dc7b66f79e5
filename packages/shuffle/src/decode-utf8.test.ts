import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeUtf8 } from "./decode-utf8.ts";
import { PackedStrings, unpackString } from "./packed-strings.ts";

const odd = fc.constantFrom(
  ...[0, 0x61, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xef],
  ...[0xf0, 0xf1, 0xf4, 0xf5, 0xff],
);

test("gives the units of the string, and nothing for bytes that are no UTF-8", () => {
  const valid = fc.string({ unit: "grapheme" }).map((text) => [...Buffer.from(text)]);
  fc.assert(
    fc.property(fc.oneof(fc.array(odd, { maxLength: 6 }), valid), (given) => {
      const bytes = Buffer.from([1, 2, ...given, 0xbf]);
      const words = new Int32Array(given.length + 2);
      const units = decodeUtf8(bytes, 2, 2 + given.length, words, 1);
      const text = Buffer.from(given).toString("utf8");
      const isValid = Buffer.from(text).equals(Buffer.from(given));
      expect(units).toBe(isValid ? text.length : -1);
      if (isValid) expect(unpackString(words, 1, units)).toBe(text);
    }),
    { numRuns: 5000 },
  );
});

test("knows the first and last character of every width", () => {
  for (const point of [0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff]) {
    const text = String.fromCodePoint(point);
    const words = new Int32Array(2);
    const bytes = Buffer.from(text);
    expect(unpackString(words, 0, decodeUtf8(bytes, 0, bytes.length, words, 0))).toBe(text);
  }
});

test("stores bytes as their string is stored", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { maxLength: 5 }), (texts) => {
      const [strings, bytes] = [new PackedStrings(texts.length), new PackedStrings(texts.length)];
      texts.forEach((text, at) => {
        strings.put(at, text);
        const encoded = Buffer.from(text);
        expect(bytes.putUtf8(at, encoded, 0, encoded.length)).toBe(true);
      });
      expect([bytes.hashes, bytes.lengths, bytes.starts]).toEqual([strings.hashes, strings.lengths, strings.starts]);
      expect(texts.map((_, at) => bytes.get(at))).toEqual(texts);
      expect(bytes.putUtf8(0, Buffer.from([0xc3]), 0, 1)).toBe(false);
    }),
  );
});
