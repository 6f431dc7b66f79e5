import { describe, expect, it } from "vitest";
import { freezeElement } from "./freeze-element.ts";
import { LoopWriter } from "./loop-writer.ts";

describe("freezing elements", () => {
  const freeze = (value: unknown): unknown => {
    const writer = new LoopWriter("v0");
    writer.write(0, [], freezeElement);
    const [freezeDeep] = writer.finish(false).constants as ((value: unknown) => void)[];
    freezeDeep?.(value);
    return value;
  };

  it("freezes all the way down", () => {
    const value = freeze(["a", undefined, { b: [1, { c: 2 }] }]) as [string, undefined, { b: [number, object] }];
    expect([value, value[2], value[2].b, value[2].b[1]].every(Object.isFrozen)).toBe(true);
  });

  it("takes cycles and leaves typed arrays", () => {
    const cycle: unknown[] = [new Float64Array(1)];
    cycle.push(cycle);
    freeze(cycle);
    expect(Object.isFrozen(cycle)).toBe(true);
    expect(Object.isFrozen(cycle[0])).toBe(false);
  });
});
