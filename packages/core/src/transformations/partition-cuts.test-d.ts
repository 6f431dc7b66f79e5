import { expectTypeOf, test } from "vitest";
import type { Rdd } from "../index.ts";

declare const words: Rdd<string>;

test("partition cuts", () => {
  expectTypeOf(words.slice(1)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.slice(0, -1)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.mergeSplit({ splitSize: 2 })).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.mergeSplit({ numSplits: 2 })).toEqualTypeOf<Rdd<string>>();
  // @ts-expect-error: neither is given
  words.mergeSplit({});
  expectTypeOf(words.batch(10)).toEqualTypeOf<Rdd<string[]>>();
  expectTypeOf(words.enumeratePartition()).toEqualTypeOf<Rdd<[number, string]>>();
});
