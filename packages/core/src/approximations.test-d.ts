import { expectTypeOf, test } from "vitest";
import type { BoundedNumber, PartialResult, Rdd } from "./index.ts";

declare const words: Rdd<string>;
declare const numbers: Rdd<number>;
declare const pairs: Rdd<[string, number]>;
declare const texts: Rdd<[string, string]>;

test("distinct counts", () => {
  expectTypeOf(words.countApproxDistinct()).toEqualTypeOf<Promise<number>>();
  expectTypeOf(words.countApproxDistinct(0.01, { jobGroup: "g" })).toEqualTypeOf<Promise<number>>();
  expectTypeOf(pairs.countApproxDistinctByKey(0.01, 3)).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(texts.adcountByKey()).toEqualTypeOf<Rdd<[string, number]>>();
});

test("percentiles", () => {
  expectTypeOf(numbers.percentiles([50, 99])).toEqualTypeOf<Promise<number[]>>();
  expectTypeOf(numbers.percentiles([50], { compression: 1000, sampleRate: 0.1, seed: 1, pool: "p" })).toEqualTypeOf<
    Promise<number[]>
  >();
  expectTypeOf(pairs.percentilesByKey([50], { partitions: 2 })).toEqualTypeOf<Rdd<[string, number[]]>>();
});

test("counts, sums and means in time", () => {
  expectTypeOf(words.countApprox(100)).toEqualTypeOf<Promise<PartialResult<BoundedNumber>>>();
  expectTypeOf(numbers.sumApprox(100, { confidence: 0.9, jobGroup: "g" })).toEqualTypeOf<
    Promise<PartialResult<BoundedNumber>>
  >();
  expectTypeOf(numbers.meanApprox(100).then(({ finalValue }) => finalValue)).toEqualTypeOf<Promise<BoundedNumber>>();
  // @ts-expect-error: words are not numbers
  void words.sumApprox(100);
});

test("only numbers have percentiles", () => {
  // @ts-expect-error: words are not numbers
  void words.percentiles([50]);
  // @ts-expect-error: the values are not numbers
  texts.percentilesByKey([50]);
});
