import { describe, expect, test } from "vitest";
import { Bzip2Stream, isBzip2 } from "./bzip2-stream.ts";
import { bzip2OfManyLines, bzip2OfNothing, bzip2OfTwoStreams } from "./testing/compressed-texts.ts";
import { streamOf, textOf } from "./testing/byte-streams.ts";

const manyLines = Array.from({ length: 20_000 }, (_, i) => `line ${i % 100} of ${i % 7}\n`).join("");

function decode(bytes: Uint8Array, inputStep?: number, outputStep?: number): string {
  return textOf(new Bzip2Stream("x.bz2", streamOf(bytes, inputStep)), outputStep);
}

const bytesOf = (base64: string): Buffer => Buffer.from(base64, "base64");

test.each([
  ["nothing", bzip2OfNothing, ""],
  ["two streams", bzip2OfTwoStreams, "first\nsecond\n"],
  ["several blocks", bzip2OfManyLines, manyLines],
])("%s, in any steps", (_, base64, text) => {
  const bytes = bytesOf(base64);
  expect(isBzip2(bytes.subarray(0, 10))).toBe(true);
  for (const [input, output] of [[undefined, undefined], [1, 7], [1000, 65_536]]) expect(decode(bytes, input, output) === text).toBe(true); // prettier-ignore
});

describe("what is damaged is refused", () => {
  const whole = bytesOf(bzip2OfTwoStreams);

  test("cut anywhere, but between two streams", () => {
    const first = whole.indexOf("BZh1");
    expect(decode(whole.subarray(0, first))).toBe("first\n");
    for (let length = 0; length < whole.length; length++) {
      if (length !== first) expect(() => decode(whole.subarray(0, length))).toThrow("GLOAM_INPUT_UNREADABLE");
    }
  });

  test("any bit the other way is seen, or was of no matter", () => {
    for (let bit = 0; bit < whole.length * 8; bit += 5) {
      const damaged = Buffer.from(whole);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      try {
        expect(decode(damaged)).toBe("first\nsecond\n");
      } catch (error) {
        expect(error).toMatchObject({ code: "GLOAM_INPUT_UNREADABLE" });
      }
    }
  });

  test("what follows, and what is none at all", () => {
    expect(() => decode(Buffer.concat([whole, Buffer.from("more")]))).toThrow("no header where one must be");
    expect(() => decode(Buffer.from("plain text"))).toThrow("x.bz2 is no intact bzip2 file");
    expect(isBzip2(Buffer.from("BZh9 said"))).toBe(false);
    expect(isBzip2(Buffer.from("BZ"))).toBe(false);
  });
});
