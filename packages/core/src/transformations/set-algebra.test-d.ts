import { expectTypeOf, test } from "vitest";
import type { Rdd } from "../index.ts";

declare const words: Rdd<string>;
declare const numbers: Rdd<number>;
declare const either: Rdd<string | number>;

test("set algebra", () => {
  expectTypeOf(words.intersection(words)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.intersection(either, 3)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.subtract(either)).toEqualTypeOf<Rdd<string>>();
  const byLength = { partitions: 2, partition: (word: string) => word.length % 2 };
  expectTypeOf(words.subtract(numbers, byLength)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.cartesian(numbers)).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(words.uniq(2)).toEqualTypeOf<Rdd<string>>();
});
