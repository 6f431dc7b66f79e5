import { expectTypeOf, test } from "vitest";
import type { Rdd } from "../index.ts";

declare const words: Rdd<string>;
declare const numbers: Rdd<number>;

test("zipping", () => {
  expectTypeOf(words.zip(numbers)).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(words.zip(numbers).reduceByKey((a, b) => a + b)).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(words.zipWith(numbers)).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(words.zipWith(numbers, (word, n) => word.length + n)).toEqualTypeOf<Rdd<number>>();
  expectTypeOf(words.zipWith(numbers, (word, n) => [n, word])).toEqualTypeOf<Rdd<[number, string]>>();
  expectTypeOf(words.zipPartitions(numbers, (ws, ns) => [[...ws].length, [...ns].length])).toEqualTypeOf<Rdd<number>>();
  const pairs = words.zipPartitions(numbers, words, function* (ws, ns, vs) {
    for (const w of ws) yield [w, ns.next().value as number, vs.next().value as string];
  });
  expectTypeOf(pairs).toEqualTypeOf<Rdd<[string, number, string]>>();
  const four = words.zipPartitions(numbers, words, numbers, (ws, _ns, _vs, _ms) => ws, { preservesPartitioning: true });
  expectTypeOf(four).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.zipWithUniqueId()).toEqualTypeOf<Rdd<[string, number]>>();
});
