import { Buffer } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeLines } from "./decode-lines.ts";

test("mixtures of ASCII and other text give the lines of a plain split", () => {
  const line = fc.oneof(
    { weight: 8, arbitrary: fc.nat(3_000).map((length) => "x".repeat(length)) },
    { weight: 1, arbitrary: fc.constantFrom("é", "—".repeat(100), "😀\r", "\uFEFF", "") },
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), fc.nat(20), (lines, before) => {
      const buffer = Buffer.concat([Buffer.alloc(before, "\n"), Buffer.from(lines.join("\n")), Buffer.alloc(5, "\n")]);
      expect(decodeLines(buffer, before, buffer.length - 5)).toEqual(lines.map((text) => text.replace("\r", "")));
    }),
    { numRuns: 300 },
  );
});
