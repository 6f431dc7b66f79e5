import { expectTypeOf, test } from "vitest";
import type { GloamContext, Rdd } from "./index.ts";

declare const gc: GloamContext;
declare const pairs: Rdd<[string, number]>;
declare const numbers: Rdd<number>;
declare const orders: Rdd<{ readonly user: string; readonly amount: number }>;

test("an average: what begins with a tuple stays one", () => {
  const averages = pairs.aggregateByKey(
    [0, 0],
    ([sum, count], value) => [sum + value, count + 1],
    (a, b) => [a[0] + b[0], a[1] + b[1]],
  );
  expectTypeOf(averages).toEqualTypeOf<Rdd<[string, [number, number]]>>();
  const asserted = pairs.aggregateByKey(
    [0, 0] as [number, number],
    ([sum, count], value) => [sum + value, count + 1],
    (a, b) => [a[0] + b[0], a[1] + b[1]],
    3,
  );
  expectTypeOf(asserted).toEqualTypeOf<Rdd<[string, [number, number]]>>();
  const combined = pairs.combineByKey(
    (value) => [value, 1],
    ([sum, count], value) => [sum + value, count + 1],
    (a, b) => [a[0] + b[0], a[1] + b[1]],
  );
  expectTypeOf(combined).toEqualTypeOf<Rdd<[string, [number, number]]>>();
  const combinedAsserted = pairs.combineByKey(
    (value) => [value, 1] as [number, number],
    ([sum, count], value) => [sum + value, count + 1],
    (a, b) => [a[0] + b[0], a[1] + b[1]],
    { mapSideCombine: false },
  );
  expectTypeOf(combinedAsserted).toEqualTypeOf<Rdd<[string, [number, number]]>>();
  const average = numbers.aggregate(
    [0, 0],
    ([sum, count], value) => [sum + value, count + 1],
    (a, b) => [a[0] + b[0], a[1] + b[1]],
  );
  expectTypeOf(average).toEqualTypeOf<Promise<[number, number]>>();
  const reduced = pairs.mapValues((value) => [value, 1]).reduceByKey((a, b) => [a[0] + b[0], a[1] + b[1]]);
  expectTypeOf(reduced).toEqualTypeOf<Rdd<[string, [number, number]]>>();
  const folded = pairs.mapValues((value) => [value, 1]).foldByKey([0, 0], (a, b) => [a[0] + b[0], a[1] + b[1]]);
  expectTypeOf(folded).toEqualTypeOf<Rdd<[string, [number, number]]>>();
  const whole = numbers.map((value) => [value, 1]).reduce((a, b) => [a[0] + b[0], a[1] + b[1]]);
  expectTypeOf(whole).toEqualTypeOf<Promise<[number, number]>>();
});

test("merging functions are checked against what they begin with", () => {
  // @ts-expect-error: one element instead of two
  void numbers.aggregate([0, 0], ([sum], value) => [sum + value], (a) => a); // prettier-ignore
  // @ts-expect-error: a string begins what numbers go on with
  pairs.combineByKey(() => "", (sum: number, value) => sum + value, (a) => a); // prettier-ignore
});

test("tuples within tuples", () => {
  const amounts = orders.map(({ user, amount }) => [user, [amount, 1]]);
  expectTypeOf(amounts).toEqualTypeOf<Rdd<[string, [number, number]]>>();
  const summed = amounts.reduceByKey((a, b) => [a[0] + b[0], a[1] + b[1]]);
  expectTypeOf(summed).toEqualTypeOf<Rdd<[string, [number, number]]>>();
  const several = orders.flatMap(({ user, amount }) => [
    [user, [amount, true]],
    [user, [amount, false]],
  ]);
  expectTypeOf(several).toEqualTypeOf<Rdd<[string, [number, boolean]]>>();
});

test("arrays of any length stay arrays", () => {
  expectTypeOf(numbers.map((x) => [x, ...[1, 2]])).toEqualTypeOf<Rdd<[number, ...number[]]>>();
  expectTypeOf(numbers.map((x) => [x, [...[x]]])).toEqualTypeOf<Rdd<[number, number[]]>>();
  expectTypeOf(numbers.map((x) => [x, { list: [x, x] }])).toEqualTypeOf<Rdd<[number, { list: number[] }]>>();
  expectTypeOf(numbers.map((x) => [x, [x].map(String)])).toEqualTypeOf<Rdd<[number, string[]]>>();
  expectTypeOf(numbers.map((x): unknown => x)).toEqualTypeOf<Rdd<unknown>>();
});

test("a tuple of one element begins a list", () => {
  const lists = orders.map((order) => [order.user, [order.amount]]).reduceByKey((a, b) => [...a, ...b]);
  expectTypeOf(lists).toEqualTypeOf<Rdd<[string, number[]]>>();
  const concatenated = pairs.mapValues((value) => [value]).reduceByKey((a, b) => a.concat(b));
  expectTypeOf(concatenated).toEqualTypeOf<Rdd<[string, number[]]>>();
  const pushed = pairs.combineByKey(
    (value) => [value],
    (list, value) => {
      list.push(value);
      return list;
    },
    (a, b) => a.concat(b),
  );
  expectTypeOf(pushed).toEqualTypeOf<Rdd<[string, number[]]>>();
  const annotated = numbers.aggregate([], (list: number[], x) => [...list, x], (a, b) => [...a, ...b]); // prettier-ignore
  expectTypeOf(annotated).toEqualTypeOf<Promise<number[]>>();
  const longest = numbers.aggregate(null, (best: string | null, x) => best ?? String(x), (a, b) => a ?? b); // prettier-ignore
  expectTypeOf(longest).toEqualTypeOf<Promise<string | null>>();
});

test("functions of any type can be handed on", () => {
  const mapped = <A, B>(rdd: Rdd<A>, f: (element: A) => B): Rdd<B> => rdd.map(f);
  const combined = <K, V, C>(
    rdd: Rdd<readonly [K, V]>,
    create: (value: V) => C,
    mergeValue: (combiner: C, value: V) => C,
    mergeCombiners: (a: C, b: C) => C,
  ): Rdd<[K, C]> => rdd.combineByKey(create, mergeValue, mergeCombiners);
  const aggregated = <A, B>(rdd: Rdd<A>, zero: B, f: (result: B, element: A) => B, g: (a: B, b: B) => B): Promise<B> =>
    rdd.aggregate(zero, f, g);
  const lists = <K, V>(rdd: Rdd<readonly [K, V]>): Rdd<[K, V[]]> =>
    rdd.combineByKey((value) => [value], (list, value) => [...list, value], (a, b) => a.concat(b)); // prettier-ignore
  const parsed = (text: number): ReturnType<typeof JSON.parse> => JSON.parse(`${text}`) as unknown;
  expectTypeOf(numbers.map(parsed)).toEqualTypeOf<Rdd<ReturnType<typeof JSON.parse>>>();
  expectTypeOf(mapped(numbers, String)).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(combined(pairs, String, (text) => text, (a) => a)).toEqualTypeOf<Rdd<[string, string]>>(); // prettier-ignore
  expectTypeOf(aggregated(numbers, "", (text) => text, (a) => a)).toEqualTypeOf<Promise<string>>(); // prettier-ignore
  expectTypeOf(lists(pairs)).toEqualTypeOf<Rdd<[string, number[]]>>();
});

test("lists in data written down may differ in length", () => {
  const lists = gc.parallelize([["a", [1]], ["b", [1, 2]]]); // prettier-ignore
  expectTypeOf(lists).toEqualTypeOf<Rdd<[string, number[]]>>();
});
