import { expectTypeOf, test } from "vitest";
import type { GloamContext } from "./context.ts";
import type { Rdd } from "./index.ts";

declare const gc: GloamContext;

test("sources", () => {
  expectTypeOf(gc.wholeTextFiles("x")).toEqualTypeOf<Rdd<[path: string, text: string]>>();
  expectTypeOf(gc.wholeTextFiles("x").mapValues((text) => text.length)).toEqualTypeOf<Rdd<[string, number]>>();
  expectTypeOf(gc.binaryFiles(["x", new URL("file:///y")], { minPartitions: 2 })).toEqualTypeOf<
    Rdd<[path: string, bytes: Uint8Array]>
  >();
  expectTypeOf(gc.binaryRecords("x", 8)).toEqualTypeOf<Rdd<Uint8Array>>();
  expectTypeOf(gc.objectFile<[string, number]>("x").keys()).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(gc.partialTextFile("x", 0, 10)).toEqualTypeOf<Rdd<string>>();
});

test("sinks", () => {
  const pairs = gc.range(3).map((x) => [x, "a"]);
  expectTypeOf(pairs.saveAsTextFile("x", { gzip: true, overwrite: true })).toEqualTypeOf<Promise<void>>();
  expectTypeOf(pairs.saveAsObjectFile(new URL("file:///y"))).toEqualTypeOf<Promise<void>>();
  expectTypeOf(pairs.saveAsTextFileByKey("x")).toEqualTypeOf<Promise<void>>();
  // @ts-expect-error -- elements are no pairs
  void gc.range(3).saveAsTextFileByKey("x");
});
