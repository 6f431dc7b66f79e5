import { expectTypeOf, test } from "vitest";
import type { Rdd } from "../index.ts";

declare const words: Rdd<string>;
declare const weights: number[];

test("splitting", () => {
  expectTypeOf(words.randomSplit([3, 1])).toEqualTypeOf<[Rdd<string>, Rdd<string>]>();
  expectTypeOf(words.randomSplit(weights, 7)).toEqualTypeOf<Rdd<string>[]>();
  const [train, validation, last] = words.randomSplit([0.8, 0.1, 0.1], 42);
  expectTypeOf(train).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(validation).toEqualTypeOf(last);
});
