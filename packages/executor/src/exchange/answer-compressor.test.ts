import { expect, test } from "vitest";
import { patternOf } from "../testing/output-source.ts";
import { AnswerCompressor } from "./answer-compressor.ts";
import type { BlockCodec } from "./block-codec.ts";

/** A codec that makes so many bytes of a hundred. */
function compressor(percent: () => number): { readonly compressor: AnswerCompressor; readonly tried: number[] } {
  const tried: number[] = [];
  const codec: BlockCodec = {
    name: "deflate",
    compress: (bytes) => {
      tried.push(bytes.length);
      return new Uint8Array((bytes.length * percent()) / 100);
    },
    decompress: () => {
      throw new Error("nothing is decompressed here");
    },
  };
  return { compressor: new AnswerCompressor(codec), tried };
}

test("what shrinks by an eighth is sent compressed", () => {
  let percent = 87;
  const { compressor: tested } = compressor(() => percent);
  expect(tested.compress(patternOf(1, 4000))).toHaveLength(3480);
  percent = 88;
  expect(tested.compress(patternOf(1, 4000))).toBeUndefined();
});

test("what is small or huge is not tried", () => {
  const { compressor: tested, tried } = compressor(() => 10);
  for (const length of [0, 1023, 16 * 2 ** 20 + 1]) expect(tested.compress(new Uint8Array(length))).toBeUndefined();
  for (const length of [1024, 16 * 2 ** 20]) expect(tested.compress(new Uint8Array(length))).toBeDefined();
  expect(tried).toEqual([1024, 16 * 2 ** 20]);
});

test("what does not shrink is tried ever less often, and as before once something shrinks", () => {
  let percent = 100;
  const { compressor: tested, tried } = compressor(() => percent);
  const attempts = (count: number): number[] =>
    Array.from({ length: count }, (_, index) => index).filter((index) => {
      const before = tried.length;
      tested.compress(new Uint8Array(2000));
      return index >= 0 && tried.length > before;
    });
  expect(attempts(60)).toEqual([0, 2, 6, 14, 30, 46]);
  percent = 50;
  expect(attempts(5)).toEqual([2, 3, 4]);
  percent = 100;
  expect(attempts(4)).toEqual([0, 2]);
});
