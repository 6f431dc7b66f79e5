import { expect, test } from "vitest";
import { KeyMap } from "./key-map.ts";

test("keys are equal by value", () => {
  const map = new KeyMap<number>();
  const keys = [1, "1", 1n, NaN, null, undefined, true, [1, [2]], [2, [1]], { a: 1, b: 2 }, new Date(5)];
  for (const [value, key] of keys.entries()) map.set(key, value);
  expect(map.size).toBe(keys.length);
  expect([...map]).toEqual(keys.map((key, value) => [key, value]));
  const same = [1, "1", 1n, NaN, null, undefined, true, [1, [2]], [2, [1]], { b: 2, a: 1 }, new Date(5)];
  expect(same.map((key) => map.get(key))).toEqual(keys.map((_, value) => value));
  expect(map.get([1, [3]])).toBeUndefined();
  map.set([1, [2]], 100);
  map.set(-0, 200);
  expect(map.get(0)).toBe(200);
  expect(map.get([1, [2]])).toBe(100);
  expect(map.size).toBe(keys.length + 1);
});

test("an empty one again", () => {
  const map = new KeyMap<number>();
  map.set("a", 1);
  map.set(["a"], 1);
  map.clear();
  expect([map.size, map.get("a"), map.get(["a"]), [...map]]).toEqual([0, undefined, undefined, []]);
});
