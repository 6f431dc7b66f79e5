import { expect, test } from "vitest";
import { PairBlock } from "./pair-block.ts";

test("a block of values takes numbers as numbers when it is filled again, and turns at any pair", () => {
  const block = new PairBlock();
  const fill = (values: readonly unknown[]): unknown[] => {
    for (const value of values) block.put(1, value);
    return values.map((_, at) => block.value(at));
  };
  expect(fill([1, "a", 2])).toEqual([1, "a", 2]);
  expect(block.numberValues).toBe(false);
  block.clear();
  expect(fill([3, -0, NaN])).toEqual([3, -0, NaN]);
  expect(block.numberValues).toBe(true);
  block.clear();
  expect(fill([4, 5, undefined, 6])).toEqual([4, 5, undefined, 6]);
});
