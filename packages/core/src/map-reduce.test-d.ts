import { expectTypeOf, test } from "vitest";
import type { GloamContext, Rdd } from "./index.ts";

declare const gc: GloamContext;
declare const people: Rdd<{ readonly town: string; readonly age: number }>;

test("mapReduce over lines of text", () => {
  const counts = gc.mapReduce({
    input: "a.txt",
    mapper: (line) => line.split(" ").map((word) => [word, 1]),
    reducer: (word, ones) => {
      expectTypeOf(word).toEqualTypeOf<string>();
      expectTypeOf(ones).toEqualTypeOf<Iterable<number>>();
      return [[word, [...ones].length]];
    },
  });
  expectTypeOf(counts).toEqualTypeOf<Rdd<[string, number]>>();
});

test("mapReduce over an RDD, with generators and a combiner", () => {
  const oldest = gc.mapReduce({
    input: people,
    *mapper({ town, age }) {
      yield [town, age];
    },
    *combiner(town, ages) {
      expectTypeOf(ages).toEqualTypeOf<Iterable<number>>();
      yield [town, Math.max(...ages)];
    },
    *reducer(town, ages) {
      expectTypeOf(ages).toEqualTypeOf<Iterable<number>>();
      yield `${town}: ${Math.max(...ages)}`;
    },
    reducers: 2,
  });
  expectTypeOf(oldest).toEqualTypeOf<Rdd<string>>();
});

test("mapReduce into files", () => {
  const written = gc.mapReduce({
    input: people,
    mapper: ({ town }) => [[town, 1]],
    reducer: (town) => [town],
    output: "towns",
  });
  expectTypeOf(written).toEqualTypeOf<Promise<void>>();
});
