import { expectTypeOf, test } from "vitest";
import type { Broadcast, DriverTraffic, GloamContext, Rdd } from "../index.ts";

declare const gc: GloamContext;
declare const ids: Rdd<number>;

test("broadcasts", () => {
  const names = gc.broadcast(new Map([[1, "one"]]));
  expectTypeOf(names).toEqualTypeOf<Broadcast<Map<number, string>>>();
  expectTypeOf(ids.map((id) => names.value.get(id))).toEqualTypeOf<Rdd<string | undefined>>();
  expectTypeOf(gc.broadcast({ weights: [1, 2] }).value).toEqualTypeOf<{ weights: number[] }>();
  expectTypeOf(gc.statusTracker.driverTraffic()).toEqualTypeOf<Promise<DriverTraffic>>();
  expectTypeOf(names.destroy()).toEqualTypeOf<void>();
  // @ts-expect-error: it is read only
  names.value = new Map();
});
