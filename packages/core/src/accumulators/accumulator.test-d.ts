import { expectTypeOf, test } from "vitest";
import type { Accumulator, GloamContext } from "../index.ts";

declare const gc: GloamContext;

test("accumulators", () => {
  expectTypeOf(gc.longAccumulator("seen")).toEqualTypeOf<Accumulator<number>>();
  expectTypeOf(gc.doubleAccumulator().value).toEqualTypeOf<number>();
  expectTypeOf(gc.collectionAccumulator<string>("odd").value).toEqualTypeOf<string[]>();
  // @ts-expect-error: it lists texts
  gc.collectionAccumulator<string>().add(1);
  const largest = gc.accumulator({ key: "", count: 0 }, (a, b) => (b.count > a.count ? b : a), { name: "largest" });
  expectTypeOf(largest).toEqualTypeOf<Accumulator<{ key: string; count: number }>>();
  // @ts-expect-error: it adds up numbers
  gc.longAccumulator().add("1");
});
