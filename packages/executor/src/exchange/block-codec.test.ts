import { isGloamError } from "@gloam/common";
import fc from "fast-check";
import * as zlib from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyCodec } from "../testing/every-codec.ts";
import { growthOf } from "../testing/growth.ts";
import { blockCodec } from "./block-codec.ts";

// Of the tens of thousands of errors that are made here nobody reads the stacks.
const { stackTraceLimit } = Error;
beforeAll(() => void (Error.stackTraceLimit = 0));
afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));

/** Bytes with something to find in them, in shared memory as blocks lie there, and not at its beginning. */
const bytes = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.nat(300), fc.nat(40)).map(([piece, times, offset]) => {
  const shared = new Uint8Array(new SharedArrayBuffer(offset + piece.length * times), offset);
  for (let at = 0; at < shared.length; at += piece.length) shared.set(piece, at);
  return shared;
});

describe.each(everyCodec)("$name", (codec) => {
  test("gives back what it was given", () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const compressed = codec.compress(given);
        const back = codec.decompress(compressed, given.length);
        expect(Buffer.compare(back, given)).toBe(0);
        expect([back.byteOffset, back.buffer instanceof ArrayBuffer]).toEqual([0, true]);
        // What waits to be sent holds no more than is sent.
        expect(compressed.buffer.byteLength).toBe(compressed.length);
      }),
    );
  });

  test("never makes more than it was told, however much there is", () => {
    const bomb = codec.compress(new Uint8Array(64 * 2 ** 20));
    const before = process.memoryUsage().rss;
    let most = 0;
    for (let times = 0; times < 2000; times++) {
      expect(() => codec.decompress(bomb, times)).toThrow(expect.objectContaining({ code: "ERR_BUFFER_TOO_LARGE" }));
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(most).toBeLessThan(32 * 2 ** 20);
  });

  test("refuses what is altered or cut off, or makes as many bytes of it, and does not grow", async () => {
    const altered = fc
      .tuple(
        bytes.map((given) => [codec.compress(given), given.length] as const),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 3 }),
        fc.nat(),
      )
      .map(([[compressed, length], changes, cut]) => {
        const copy = Uint8Array.from(compressed);
        for (const [at, value] of changes) copy[at % copy.length] = value;
        return [cut % 3 === 0 ? copy.subarray(0, cut % copy.length) : copy, length] as const;
      });
    const other = fc.tuple(fc.uint8Array({ maxLength: 200 }), fc.nat(10_000));
    const seen = { made: 0, refused: 0 };
    const attempt = ([compressed, length]: readonly [Uint8Array, number]): void => {
      try {
        expect(codec.decompress(compressed, length)).toHaveLength(length);
        seen.made++;
      } catch (error) {
        if (!(error instanceof RangeError) && !("code" in (error as object))) throw error;
        seen.refused++;
      }
    };
    const some = fc.oneof(altered, other);
    fc.assert(fc.property(some, attempt), { numRuns: 5000 });
    expect(await growthOf(fc.sample(some, 1000), attempt)).toBeLessThan(64 * 2 ** 20);
    expect(seen.refused).toBeGreaterThan(10_000);
  });
});

test.runIf(everyCodec.some(({ name }) => name === "zstd"))(
  "a frame that needs more memory than is sent is refused",
  () => {
    const { constants, zstdCompressSync } = zlib as typeof zlib & {
      readonly constants: Readonly<Record<string, number>>;
      readonly zstdCompressSync: (bytes: Uint8Array, options: object) => Uint8Array;
    };
    const frame = zstdCompressSync(new Uint8Array(2 ** 23), { params: { [constants["ZSTD_c_windowLog"]!]: 27 } });
    expect(() => blockCodec("zstd").decompress(frame, 2 ** 20)).toThrow("too much memory");
  },
);

test.skipIf(everyCodec.some(({ name }) => name === "zstd"))("what this Node.js has not is refused", () => {
  const refused = (() => {
    try {
      return blockCodec("zstd");
    } catch (error) {
      return error;
    }
  })();
  expect(isGloamError(refused) && refused.code).toBe("GLOAM_CONF_INVALID");
});
