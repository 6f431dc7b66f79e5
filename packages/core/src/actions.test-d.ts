import { expectTypeOf, test } from "vitest";
import type { Rdd } from "./index.ts";

declare const words: Rdd<string>;
declare const numbers: Rdd<number>;
declare const literals: Rdd<1 | 2>;
declare const pairs: Rdd<[string, number]>;

test("trees", () => {
  expectTypeOf(literals.treeReduce((a, b) => a + b)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(words.treeReduce((a, b) => a + b, { depth: 3 })).toEqualTypeOf<Promise<string>>();
  const sums = numbers.treeAggregate(
    [0, 0],
    ([sum, count], x) => [sum + x, count + 1],
    ([a, b], [c, d]) => [a + c, b + d],
    { depth: 2, jobGroup: "g" },
  );
  expectTypeOf(sums).toEqualTypeOf<Promise<[number, number]>>();
  const set = words.treeAggregate(
    new Set<string>(),
    (found, word) => found.add(word),
    (a, b) => new Set([...a, ...b]),
  );
  expectTypeOf(set).toEqualTypeOf<Promise<Set<string>>>();
});

test("counts", () => {
  expectTypeOf(words.countByValue()).toEqualTypeOf<Promise<Map<string, number>>>();
  expectTypeOf(pairs.countByValue()).toEqualTypeOf<Promise<Map<[string, number], number>>>();
  expectTypeOf(words.hot()).toEqualTypeOf<Promise<[string, number][]>>();
  expectTypeOf(words.hot(3, { partitions: 2, pool: "p" })).toEqualTypeOf<Promise<[string, number][]>>();
});

test("samples and effects", () => {
  expectTypeOf(pairs.takeSample(false, 3)).toEqualTypeOf<Promise<[string, number][]>>();
  expectTypeOf(words.takeSample(true, 3, 42, { jobGroup: "g" })).toEqualTypeOf<Promise<string[]>>();
  expectTypeOf(words.forEachPartition((elements) => [...elements].join())).toEqualTypeOf<Promise<void>>();
});
