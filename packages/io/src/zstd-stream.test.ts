import { GloamError } from "@gloam/common";
import fc from "fast-check";
import * as zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import { streamOf, textOf } from "./testing/byte-streams.ts";
import { ZstdFrames } from "./zstd-frames.ts";
import { decodesZstd, isZstd, ZstdStream } from "./zstd-stream.ts";

const { zstdCompressSync } = zlib as unknown as { zstdCompressSync: (bytes: Uint8Array) => Buffer };

/** `hello` and a newline, as the zstd program writes it: one raw block, and a checksum. */
const hello = Buffer.from("KLUv/SQGMQAAaGVsbG8KU4i9kQ==", "base64");

function frames(bytes: Uint8Array, step = Infinity): boolean {
  const walk = new ZstdFrames();
  for (let at = 0; at < bytes.length; at += step) if (!walk.take(bytes, at, Math.min(bytes.length, at + step))) return false; // prettier-ignore
  return walk.areWhole;
}

describe("frames", () => {
  const skippable = Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

  test("are whole at their ends alone", () => {
    const all = Buffer.concat([hello, skippable, hello]);
    const ends = [0, hello.length, hello.length + skippable.length, all.length];
    for (let length = 0; length <= all.length; length++) {
      for (const step of [1, 3, Infinity]) expect(frames(all.subarray(0, length), step)).toBe(ends.includes(length));
    }
  });

  test("others are none", () => {
    expect(frames(Buffer.from("plain text"))).toBe(false);
    expect(isZstd(hello)).toBe(true);
    expect(isZstd(Buffer.from("(plain"))).toBe(false);
  });
});

test.skipIf(decodesZstd)("a Node.js without a decoder says so", () => {
  expect(() => new ZstdStream("x.zst", streamOf(hello))).toThrow(GloamError);
  expect(() => new ZstdStream("x.zst", streamOf(hello))).toThrow("GLOAM_INPUT_UNREADABLE: x.zst is a zstd file");
});

describe.runIf(decodesZstd)("with a decoder", () => {
  const decode = (bytes: Uint8Array, input?: number, output?: number): string =>
    textOf(new ZstdStream("x.zst", streamOf(bytes, input)), output);

  test("any frames, read and written in any steps, give the original bytes", () => {
    expect(decode(hello)).toBe("hello\n");
    const text = fc.oneof(fc.string(), fc.nat(300_000).map((length) => "ab".repeat(length))); // prettier-ignore
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 4 }),
        fc.nat(5000),
        fc.nat(70_000),
        (texts, input, output) => {
          const bytes = Buffer.concat(texts.map((each) => zstdCompressSync(Buffer.from(each))));
          expect(decode(bytes, input + 1, output + 1) === texts.join("")).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  test("what is cut, followed by other things, or none at all is refused", () => {
    const whole = Buffer.concat([hello, zstdCompressSync(Buffer.from("x".repeat(1000)))]);
    for (let length = 0; length < whole.length; length++) {
      if (length !== hello.length) expect(() => decode(whole.subarray(0, length))).toThrow("GLOAM_INPUT_UNREADABLE");
    }
    expect(() => decode(Buffer.concat([whole, Buffer.from("more text")]))).toThrow("GLOAM_INPUT_UNREADABLE");
    expect(() => decode(Buffer.from("plain text"))).toThrow("x.zst is no intact zstd file");
    const damaged = Buffer.from(hello);
    damaged[10]! ^= 1;
    expect(() => decode(damaged)).toThrow("GLOAM_INPUT_UNREADABLE");
  });
});
