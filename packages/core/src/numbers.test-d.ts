import { expectTypeOf, test } from "vitest";
import type { Histogram, Rdd, Stats } from "./index.ts";

declare const words: Rdd<string>;
declare const numbers: Rdd<number>;
declare const digits: Rdd<0 | 1>;
declare const pairs: Rdd<[string, number]>;

test("numbers", () => {
  expectTypeOf(numbers.mean()).toEqualTypeOf<Promise<number>>();
  expectTypeOf(digits.mean()).toEqualTypeOf<Promise<number>>();
  expectTypeOf(numbers.variance({ jobGroup: "g" })).toEqualTypeOf<Promise<number>>();
  expectTypeOf(numbers.stdev()).toEqualTypeOf<Promise<number>>();
  expectTypeOf(numbers.sampleVariance()).toEqualTypeOf<Promise<number>>();
  expectTypeOf(numbers.sampleStdev()).toEqualTypeOf<Promise<number>>();
  expectTypeOf(numbers.stats()).toEqualTypeOf<Promise<Stats>>();
  expectTypeOf(numbers.histogram(3)).toEqualTypeOf<Promise<Histogram>>();
  expectTypeOf(numbers.histogram([1, 2, 3])).toEqualTypeOf<Promise<Histogram>>();
});

test("extremes", () => {
  expectTypeOf(numbers.max()).toEqualTypeOf<Promise<number>>();
  expectTypeOf(words.max((word) => word.length)).toEqualTypeOf<Promise<string>>();
  expectTypeOf(pairs.min({ compare: ([, a], [, b]) => a - b })).toEqualTypeOf<Promise<[string, number]>>();
});

test("numbers have what texts have not", () => {
  // @ts-expect-error: words are not numbers
  void words.mean();
  // @ts-expect-error: words are not numbers
  void words.histogram(3);
});
