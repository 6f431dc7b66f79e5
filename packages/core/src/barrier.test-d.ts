import { expectTypeOf, test } from "vitest";
import { barrierContext, type BarrierContext, type EvenPartitioning, type Rdd, type RddBarrier } from "./index.ts";

declare const numbers: Rdd<number>;

test("barrier", () => {
  expectTypeOf(numbers.barrier()).toEqualTypeOf<RddBarrier<number>>();
  const gathered = numbers.barrier().mapPartitions((elements, context) => {
    expectTypeOf(elements).toEqualTypeOf<IterableIterator<number>>();
    expectTypeOf(context).toEqualTypeOf<BarrierContext>();
    return [[context.rank, [...elements]]];
  });
  expectTypeOf(gathered).toEqualTypeOf<Rdd<[number, number[]]>>();
  expectTypeOf(barrierContext()).toEqualTypeOf<BarrierContext>();
});

test("collective calls", () => {
  const context = barrierContext();
  expectTypeOf(context.allGather("a")).toEqualTypeOf<string[]>();
  expectTypeOf(context.broadcast({ a: 1 }, 1)).toEqualTypeOf<{ a: number }>();
  expectTypeOf(context.gather(1)).toEqualTypeOf<number[] | undefined>();
  expectTypeOf(context.scatter(["a", "b"])).toEqualTypeOf<string>();
  expectTypeOf(context.reduce(1, (a, b) => a + b)).toEqualTypeOf<number | undefined>();
  expectTypeOf(context.allReduce(1, (a, b) => a + b)).toEqualTypeOf<number>();
  expectTypeOf(context.allReduce(new Float64Array(2), (a) => a)).toEqualTypeOf<Float64Array<ArrayBuffer>>();
  expectTypeOf(context.allToAll([1n])).toEqualTypeOf<bigint[]>();
  expectTypeOf(context.receive(0)).toEqualTypeOf<unknown>();
  expectTypeOf(context.receive<number>(0)).toEqualTypeOf<number>();
});

test("fixSkew", async () => {
  const even = await numbers.map((x) => [x, "a"]).fixSkew({ partitions: 2, sample: 0.5 });
  expectTypeOf(even).toEqualTypeOf<EvenPartitioning<number>>();
  expectTypeOf(numbers.map((x) => [x, 1]).reduceByKey((a, b) => a + b, even)).toEqualTypeOf<Rdd<[number, number]>>();
});

test("withResources", () => {
  expectTypeOf(numbers.withResources({ cpus: 2, memory: 2 ** 30 })).toEqualTypeOf<Rdd<number>>();
  // @ts-expect-error: they are numbers
  numbers.withResources({ cpus: "2" });
});
