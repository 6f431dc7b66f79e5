import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { captureFunction } from "./capture-function.ts";
import { FunctionSnapshot } from "./function-snapshot.ts";
import { keptBy } from "./kept-values.ts";
import { transferSymbol, type Transfer } from "./transfer.ts";

class Thing {
  readonly within: unknown;
  constructor(within?: unknown) {
    this.within = within;
  }
  [transferSymbol](): Transfer {
    return { kind: "test.thing", data: { within: this.within } };
  }
}

const options = { operation: "map" };

test("a captured function keeps what says itself how it travels, also inside others and in functions captured before", () => {
  const inner = new Thing();
  const outer = new Thing({ inner });
  const before = new Thing(new FunctionSnapshot(captureFunction(() => inner, options)));
  expect(keptBy(captureFunction(() => [outer, before], options))).toEqual([outer, inner, before, inner]);
  expect(keptBy(captureFunction(() => 1, options))).toEqual([]);
});

test("and lets it go with itself", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const held: { captured: unknown } = { captured: undefined };
  const make = (): WeakRef<Thing> => {
    const thing = new Thing();
    held.captured = captureFunction(() => thing, options);
    return new WeakRef(thing);
  };
  const thing = make();
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await turn();
  collect();
  expect(thing.deref()).toBeDefined();
  held.captured = undefined;
  for (let round = 0; round < 20 && thing.deref() !== undefined; round++) {
    await turn();
    collect();
  }
  expect(thing.deref()).toBeUndefined();
});
