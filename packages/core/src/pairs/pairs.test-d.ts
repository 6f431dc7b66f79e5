import { expectTypeOf, test } from "vitest";
import type { Rdd } from "../index.ts";

declare const pairs: Rdd<[string, number]>;
declare const flags: Rdd<[string, boolean]>;
declare const literals: Rdd<readonly ["a" | "b", 1]>;
declare const numbered: Rdd<[number, string]>;

test("replacing", () => {
  expectTypeOf(pairs.subtractByKey(flags)).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(pairs.subtractByKey(flags, 3)).toEqualTypeOf<Rdd<[string, number]>>();
  // @ts-expect-error: the keys are of other types
  pairs.subtractByKey(numbered);
  expectTypeOf(pairs.update(flags)).toEqualTypeOf<Rdd<[string, number | boolean]>>();
  expectTypeOf(pairs.update(pairs, { replaceOnly: true, partitions: 2 })).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(pairs.innerJoin(flags)).toEqualTypeOf<Rdd<[string, [number, boolean]]>>();
});

test("groups", () => {
  expectTypeOf(pairs.groupWith(flags)).toEqualTypeOf<Rdd<[string, [number[], boolean[]]]>>();
  expectTypeOf(pairs.groupWith(flags, pairs, 2)).toEqualTypeOf<Rdd<[string, [number[], boolean[], number[]]]>>();
  expectTypeOf(pairs.groupWith(flags, pairs, flags)).toEqualTypeOf<
    Rdd<[string, [number[], boolean[], number[], boolean[]]]>
  >();
});

test("maps in the driver", () => {
  expectTypeOf(pairs.collectAsMap()).toEqualTypeOf<Promise<Map<string, number>>>();
  expectTypeOf(pairs.reduceByKeyLocally((a, b) => a + b)).toEqualTypeOf<Promise<Map<string, number>>>();
  expectTypeOf(literals.reduceByKeyLocally((a, b) => a + b)).toEqualTypeOf<Promise<Map<"a" | "b", number>>>();
  expectTypeOf(pairs.lookup("a", { jobGroup: "g" })).toEqualTypeOf<Promise<number[]>>();
  // @ts-expect-error: keys are texts
  void pairs.lookup(1);
});

test("samples and tops", () => {
  expectTypeOf(pairs.sampleByKey(false, { a: 0.5 })).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(pairs.sampleByKey(true, new Map([["a", 2]]), 7)).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(numbered.sampleByKey(false, new Map([[1, 0.5]]))).toEqualTypeOf<Rdd<[number, string]>>();
  // @ts-expect-error: the keys are numbers
  numbered.sampleByKey(false, { 1: 0.5 });
  // @ts-expect-error: b has no fraction
  literals.sampleByKey(false, { a: 0.5 });
  expectTypeOf(pairs.topByKey(3)).toEqualTypeOf<Rdd<[string, number[]]>>();
  expectTypeOf(numbered.topByKey(3, (text) => text.length, 4)).toEqualTypeOf<Rdd<[number, string[]]>>();
  expectTypeOf(numbered.topByKey(3, { compare: (a, b) => a.length - b.length })).toEqualTypeOf<
    Rdd<[number, string[]]>
  >();
});
