import { expectTypeOf, test } from "vitest";
import type { GloamContext, Rdd } from "./index.ts";

declare const gc: GloamContext;
declare const words: Rdd<string>;
declare const numbers: Rdd<number>;
declare const pairs: Rdd<[string, number]>;
declare const literals: Rdd<readonly ["a" | "b", 1]>;

test("the compiler looks: this assertion is wrong", () => {
  // @ts-expect-error: they are strings
  expectTypeOf(words).toEqualTypeOf<Rdd<number>>();
});

test("context", () => {
  expectTypeOf(gc.parallelize([1, 2])).toEqualTypeOf<Rdd<number>>();
  expectTypeOf(gc.parallelize(new Set(["a"]), 2)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(gc.parallelize([["a", 1], ["b", 2]])).toEqualTypeOf<Rdd<[string, number]>>(); // prettier-ignore
  expectTypeOf(gc.parallelize([{ a: 1 }, { a: 2 }])).toEqualTypeOf<Rdd<{ a: number }>>();
  expectTypeOf(gc.range(3)).toEqualTypeOf<Rdd<number>>();
  expectTypeOf(gc.range(1, 3, { step: 2, partitions: 1 })).toEqualTypeOf<Rdd<number>>();
  expectTypeOf(gc.union([numbers, numbers])).toEqualTypeOf<Rdd<number>>();
  expectTypeOf(gc.emptyRdd<string>()).toEqualTypeOf<Rdd<string>>();
});

test("elements", () => {
  expectTypeOf(words.map((word) => word.length)).toEqualTypeOf<Rdd<number>>();
  expectTypeOf(words.map((word) => [word, 1])).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(words.map((word) => [word, 1] as const)).toEqualTypeOf<Rdd<[string, 1]>>();
  expectTypeOf(words.map(() => undefined)).toEqualTypeOf<Rdd<undefined>>();
  expectTypeOf(words.map((word) => ({ word }))).toEqualTypeOf<Rdd<{ word: string }>>();
  expectTypeOf(words.flatMap((word) => word.split(" "))).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.flatMap((word) => [[word, 1], [word, 2]])).toEqualTypeOf<Rdd<[string, number]>>(); // prettier-ignore
  expectTypeOf(words.filter((word) => word !== "")).toEqualTypeOf<Rdd<string>>();
  const maybe = words.map((word): string | undefined => word);
  expectTypeOf(maybe.filter((word) => word !== undefined)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.mapAsync(async (word) => word.length, { concurrency: 2 })).toEqualTypeOf<Rdd<number>>();
  expectTypeOf(words.keyBy((word) => word.length)).toEqualTypeOf<Rdd<[number, string]>>();
  expectTypeOf(words.keyBy((word) => [word.length, word])).toEqualTypeOf<Rdd<[[number, string], string]>>();
});

test("partitions", () => {
  expectTypeOf(words.mapPartitions((elements) => [...elements].map((word) => word.length))).toEqualTypeOf<
    Rdd<number>
  >();
  const generated = words.mapPartitions(function* (elements) {
    for (const word of elements) yield word.length;
  });
  expectTypeOf(generated).toEqualTypeOf<Rdd<number>>();
  const indexed = words.mapPartitionsWithIndex((partition, elements) => [...elements].map((word) => [partition, word]));
  expectTypeOf(indexed).toEqualTypeOf<Rdd<[number, string]>>();
  expectTypeOf(words.glom()).toEqualTypeOf<Rdd<string[]>>();
  expectTypeOf(words.coalesce(2)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.repartition(2)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.zipWithIndex()).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(words.getNumPartitions()).toEqualTypeOf<Promise<number>>();
});

test("sets and sorting", () => {
  expectTypeOf(words.union(numbers)).toEqualTypeOf<Rdd<string | number>>();
  expectTypeOf(words.union(words)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.distinct(2)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.sample(false, 0.5, 1)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.sortBy((word) => word.length, { ascending: false })).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.sortBy((word) => [word.length, word])).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.sortBy((word) => word.length, { compare: (a, b) => b - a })).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(pairs.sortByKey()).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(pairs.sortByKey({ compare: (a, b) => a.localeCompare(b) })).toEqualTypeOf<Rdd<[string, number]>>();
});

test("pairs", () => {
  expectTypeOf(pairs.keys()).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(pairs.values()).toEqualTypeOf<Rdd<number>>();
  expectTypeOf(literals.values()).toEqualTypeOf<Rdd<1>>();
  expectTypeOf(pairs.mapValues((n) => String(n))).toEqualTypeOf<Rdd<[string, string]>>();
  expectTypeOf(pairs.mapValues((n) => [n, n])).toEqualTypeOf<Rdd<[string, [number, number]]>>();
  expectTypeOf(pairs.flatMapValues((n) => [n, n])).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(pairs.partitionBy(3)).toEqualTypeOf<Rdd<[string, number]>>();
  const byLength = { partitions: 2, partition: (key: string) => key.length % 2 };
  expectTypeOf(pairs.partitionBy(byLength)).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(pairs.groupByKey()).toEqualTypeOf<Rdd<[string, number[]]>>();
  expectTypeOf(words.groupBy((word) => word.length)).toEqualTypeOf<Rdd<[number, string[]]>>();
  expectTypeOf(words.groupBy((word) => [word.length, word])).toEqualTypeOf<Rdd<[[number, string], string[]]>>();
});

test("combining", () => {
  expectTypeOf(pairs.reduceByKey((a, b) => a + b)).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(words.map((word) => [word, 1]).reduceByKey((a, b) => a + b, 4)).toEqualTypeOf<Rdd<[string, number]>>();
  const constant = words.map((word) => [word, 1] as const).reduceByKey((a, b) => a + b);
  expectTypeOf(constant).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(literals.reduceByKey((a, b) => a + b)).toEqualTypeOf<Rdd<["a" | "b", number]>>();
  const combined = pairs.combineByKey(
    (n) => [n],
    (list, n) => [...list, n],
    (a, b) => [...a, ...b],
  );
  expectTypeOf(combined).toEqualTypeOf<Rdd<[string, number[]]>>();
  const aggregated = pairs.aggregateByKey(
    0,
    (count, n) => count + n,
    (a, b) => a + b,
  );
  expectTypeOf(aggregated).toEqualTypeOf<Rdd<[string, number]>>();
  const collected = pairs.aggregateByKey(
    new Set<number>(),
    (set, n) => set.add(n),
    (a, b) => new Set([...a, ...b]),
    3,
  );
  expectTypeOf(collected).toEqualTypeOf<Rdd<[string, Set<number>]>>();
  expectTypeOf(pairs.foldByKey(0, (a, b) => a + b)).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(literals.foldByKey(0, (a, b) => a + b)).toEqualTypeOf<Rdd<["a" | "b", number]>>();
});

test("joins", () => {
  const others = gc.parallelize([["a", true]]);
  expectTypeOf(pairs.join(others)).toEqualTypeOf<Rdd<[string, [number, boolean]]>>();
  expectTypeOf(pairs.leftOuterJoin(others)).toEqualTypeOf<Rdd<[string, [number, boolean | undefined]]>>();
  expectTypeOf(pairs.rightOuterJoin(others)).toEqualTypeOf<Rdd<[string, [number | undefined, boolean]]>>();
  expectTypeOf(pairs.fullOuterJoin(others)).toEqualTypeOf<Rdd<[string, [number | undefined, boolean | undefined]]>>();
  expectTypeOf(pairs.join(others, 3).join(pairs)).toEqualTypeOf<Rdd<[string, [[number, boolean], number]]>>();
  expectTypeOf(pairs.cogroup(others)).toEqualTypeOf<Rdd<[string, [number[], boolean[]]]>>();
  expectTypeOf(pairs.cogroup(others, pairs, 2)).toEqualTypeOf<Rdd<[string, [number[], boolean[], number[]]]>>();
  expectTypeOf(pairs.cogroup(others, pairs, pairs)).toEqualTypeOf<
    Rdd<[string, [number[], boolean[], number[], number[]]]>
  >();
});

test("actions", () => {
  expectTypeOf(words.collect({ jobGroup: "a" })).toEqualTypeOf<Promise<string[]>>();
  expectTypeOf(words.count()).toEqualTypeOf<Promise<number>>();
  expectTypeOf(numbers.reduce((a, b) => a + b)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(literals.values().reduce((a, b) => a + b)).toEqualTypeOf<Promise<number>>();
  expectTypeOf(numbers.fold(0, (a, b) => a + b)).toEqualTypeOf<Promise<number>>();
  const aggregated = words.aggregate(
    0,
    (length, word) => length + word.length,
    (a, b) => a + b,
  );
  expectTypeOf(aggregated).toEqualTypeOf<Promise<number>>();
  expectTypeOf(words.take(1)).toEqualTypeOf<Promise<string[]>>();
  expectTypeOf(words.first()).toEqualTypeOf<Promise<string>>();
  expectTypeOf(words.isEmpty()).toEqualTypeOf<Promise<boolean>>();
  expectTypeOf(pairs.top(1, ([, n]) => n)).toEqualTypeOf<Promise<[string, number][]>>();
  expectTypeOf(words.takeOrdered(1, { compare: (a, b) => a.length - b.length })).toEqualTypeOf<Promise<string[]>>();
  expectTypeOf(words.forEach((word) => word.length)).toEqualTypeOf<Promise<void>>();
  expectTypeOf(numbers.sum()).toEqualTypeOf<Promise<number>>();
  expectTypeOf(pairs.countByKey()).toEqualTypeOf<Promise<Map<string, number>>>();
  expectTypeOf(words.toLocalIterator()).toEqualTypeOf<AsyncGenerator<string, void, undefined>>();
  expectTypeOf(words.cache()).toEqualTypeOf<Rdd<string>>();
});

test("operations of pairs and numbers are offered on them alone", () => {
  // @ts-expect-error: words are not pairs
  words.reduceByKey((a) => a);
  // @ts-expect-error: words are not numbers
  void words.sum();
  // @ts-expect-error: words are not pairs
  words.join(pairs);
});

test("an RDD is disposable", () => {
  // Not said by the class: TypeScript 7.0 may look before it has bound the names of members that are symbols.
  expectTypeOf(words).toExtend<Disposable>();
});
