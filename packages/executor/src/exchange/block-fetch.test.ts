import { isGloamError } from "@gloam/common";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everyCodec } from "../testing/every-codec.ts";
import { growthOf } from "../testing/growth.ts";
import { patternOf } from "../testing/output-source.ts";
import { BlockFetch, type FetchedPart } from "./block-fetch.ts";
import type { PartAnswer } from "./block-messages.ts";
import { layOut } from "./chunk-layout.ts";

// Of the tens of thousands of errors that are made here nobody reads the stacks.
const { stackTraceLimit } = Error;
beforeAll(() => void (Error.stackTraceLimit = 0));
afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));

/** Chunks of two outputs, large and small ones. */
const chunks = [
  [3000, 0, 9000].map((length, chunk) => patternOf(chunk, length).map((byte) => byte % 4)),
  [5000].map((length) => patternOf(9, length).map((byte) => byte % 4)),
];
const lengths = chunks.map((part) => part.map(({ length }) => length));
const [deflate] = everyCodec;

/** Of each output, all of what it has. */
function fetching(codec = deflate) {
  const fetched: FetchedPart[] = [];
  const parts = lengths.map((chunkBytes, output) => {
    return { store: 1, output, segment: 0, from: 0, to: chunkBytes.length, chunkBytes };
  });
  const fetch = new BlockFetch(parts, 0, (each) => fetched.push(...each), codec);
  const asked = fetch.ask();
  return { fetch, fetched, asked };
}

/** Chunks one after the other, each at a multiple of 8, as a server that may compress them has them. */
function together(all: readonly Uint8Array[]): Uint8Array {
  const sizes = all.map(({ length }) => length);
  const [{ bytes, offsets }] = layOut(sizes, true) as [ReturnType<typeof layOut>[number]];
  const attachment = new Uint8Array(bytes);
  all.forEach((chunk, index) => attachment.set(chunk, offsets[index]));
  return attachment;
}

const everything: PartAnswer[] = lengths.map((each, part) => ({ part, from: 0, lengths: each }));
/** What became of each part: its chunks or the code of its error. */
const shortly = (fetched: readonly FetchedPart[]): unknown[] =>
  fetched.map((each) => ("error" in each ? each.error.code : each.chunks.map((chunk) => Buffer.from(chunk))));
const whole = chunks.map((part) => part.map((chunk) => Buffer.from(chunk)));

describe.each(everyCodec)("answers compressed with $name", (codec) => {
  const attachment = codec.compress(together(chunks.flat()));

  test("are asked for, and taken", () => {
    const { fetch, fetched, asked } = fetching(codec);
    expect(asked.codec).toBe(codec.name);
    fetch.take({ id: 1, compressed: true, parts: everything }, [attachment]);
    expect(shortly(fetched)).toEqual(whole);
    expect(fetch.isDone).toBe(true);
    for (const each of fetched) {
      if ("error" in each) continue;
      expect(each.chunks.filter(({ byteOffset }) => byteOffset % 8 !== 0)).toEqual([]);
    }
  });

  test("may come as they are, in one attachment", () => {
    const { fetch, fetched } = fetching(codec);
    fetch.take({ id: 1, parts: everything }, [together(chunks.flat())]);
    expect(shortly(fetched)).toEqual(whole);
  });

  test.each([
    ["is garbage", patternOf(1, 5000)],
    ["is cut off", attachment.subarray(0, attachment.length - 9)],
    ["has fewer bytes", codec.compress(together(chunks[0]!))],
    ["has more bytes", codec.compress(together([...chunks.flat(), ...chunks.flat()]))],
    ["would have far more", codec.compress(new Uint8Array(64 * 2 ** 20))],
  ])("are corrupt blocks where one %s", (_name, bytes) => {
    const { fetch, fetched } = fetching(codec);
    fetch.take({ id: 1, compressed: true, parts: everything }, [bytes.slice(0, 16_000)]);
    expect(shortly(fetched)).toEqual(["GLOAM_BLOCK_CORRUPT", "GLOAM_BLOCK_CORRUPT"]);
    expect(fetch.isDone).toBe(true);
  });

  test("make no bytes that the index does not announce", () => {
    const length = 240 * 2 ** 20;
    const { fetch, fetched } = fetching({
      ...codec,
      decompress: () => {
        throw new Error("nothing of it may be made");
      },
    });
    const parts: PartAnswer[] = [{ part: 0, from: 0, lengths: [length] }, everything[1]!];
    fetch.take({ id: 1, compressed: true, parts }, [attachment]);
    expect(shortly(fetched)).toEqual(["GLOAM_BLOCK_CORRUPT", "GLOAM_BLOCK_CORRUPT"]);
  });

  test("are refused where they name chunks twice, before anything is made of them", () => {
    const { fetch, fetched } = fetching({
      ...codec,
      decompress: () => {
        throw new Error("nothing of it may be made");
      },
    });
    const twice = Array.from({ length: 1000 }, () => everything).flat();
    expect(() => fetch.take({ id: 1, compressed: true, parts: twice }, [attachment])).toThrow("no open part 0");
    expect([fetched, fetch.isDone]).toEqual([[], false]);
  });

  test("that cannot be read end each part once", () => {
    const { fetch, fetched } = fetching(codec);
    const parts: PartAnswer[] = [
      { part: 0, from: 0, lengths: [3000] },
      { part: 0, from: 1, lengths: [0] },
      { part: 0, failure: "missing", detail: "freed" },
    ];
    fetch.take({ id: 1, compressed: true, parts }, [patternOf(1, 200)]);
    expect(shortly(fetched)).toEqual(["GLOAM_BLOCK_CORRUPT"]);
    expect(fetch.ask().parts.map(({ output }) => output)).toEqual([1]);
  });

  test("beside failures leave these to their parts", () => {
    const { fetch, fetched } = fetching(codec);
    const bytes = codec.compress(together(chunks[1]!));
    const failure: PartAnswer = { part: 0, failure: "missing", detail: "freed" };
    fetch.take({ id: 1, compressed: true, parts: [failure, everything[1]!] }, [bytes]);
    expect(shortly(fetched)).toEqual(["GLOAM_FETCH_FAILED", whole[1]]);
  });

  test("that were altered are refused, or corrupt, or have the bytes that they should have", async () => {
    const seen = { refused: 0, corrupt: 0, taken: 0 };
    const change = fc.tuple(fc.nat(attachment.length - 1), fc.integer({ min: 1, max: 255 }));
    const bytes = fc.oneof(
      fc.array(change, { maxLength: 2 }).map((changes) => {
        const copy = Uint8Array.from(attachment);
        for (const [at, bits] of changes) copy[at]! ^= bits;
        return copy;
      }),
      fc.nat(attachment.length).map((length) => attachment.subarray(0, length)),
      fc.uint8Array({ maxLength: 100 }),
    );
    const length = fc.oneof({ arbitrary: fc.constantFrom(...lengths.flat()), weight: 3 }, fc.nat(2 ** 31));
    const parts = fc.oneof(
      fc.constant(everything),
      fc.array(fc.record({ part: fc.nat(2), from: fc.nat(2), lengths: fc.array(length, { maxLength: 3 }) }), {
        minLength: 1,
        maxLength: 3,
      }),
    );
    const attempt = ([answered, altered]: readonly [readonly PartAnswer[], Uint8Array]): void => {
      const { fetch, fetched } = fetching(codec);
      try {
        fetch.take({ id: 1, compressed: true, parts: answered }, [altered]);
      } catch (error) {
        if (!isGloamError(error) || error.code !== "GLOAM_FRAME_INVALID") throw error;
        expect(fetched).toEqual([]);
        seen.refused++;
        return;
      }
      for (const each of fetched) {
        if ("error" in each) {
          expect(each.error.code).toBe("GLOAM_BLOCK_CORRUPT");
          seen.corrupt++;
          continue;
        }
        const announced = lengths[each.part]!.slice(each.from, each.from + each.chunks.length);
        expect(each.chunks.map((chunk) => chunk.length)).toEqual(announced);
        seen.taken++;
      }
    };
    const some = fc.tuple(parts, bytes);
    fc.assert(fc.property(some, attempt), { numRuns: 5000 });
    expect(await growthOf(fc.sample(some, 1000), attempt)).toBeLessThan(64 * 2 ** 20);
    expect(seen.refused).toBeGreaterThan(1000);
    expect(seen.corrupt).toBeGreaterThan(1000);
    expect(seen.taken).toBeGreaterThan(100);
  });
});

test("an answer that is compressed where nobody asked for that is refused", () => {
  const parts = [{ store: 1, output: 0, segment: 0, from: 0, to: 3, chunkBytes: lengths[0]! }];
  const fetch = new BlockFetch(parts, 0, () => undefined, undefined);
  const answer = { id: 1, compressed: true, parts: [{ part: 0, from: 0, lengths: [3000] }] } as const;
  expect(fetch.ask().codec).toBeUndefined();
  expect(() => fetch.take(answer, [deflate!.compress(together([chunks[0]![0]!]))])).toThrow("nobody asked for that");
});

test("an answer that is no shorter for being compressed is refused", () => {
  const { fetch } = fetching();
  const bytes = together(chunks.flat());
  expect(() => fetch.take({ id: 1, compressed: true, parts: everything }, [bytes])).toThrow("not shorter");
});
