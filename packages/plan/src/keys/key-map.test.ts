import { describe, expect, test } from "vitest";
import { KeyMap } from "./key-map.ts";

describe("KeyMap", () => {
  test("finds keys by value, and keeps the first of equal ones in its place", () => {
    const map = new KeyMap<number>();
    const keys = [1, "1", 1n, [1, 2], [2, 1], { a: 1, b: [2] }, new Date(5), null, undefined, NaN, 0];
    keys.forEach((key, index) => map.set(key, index));
    [1, "1", 1n, [1, 2], [2, 1], { b: [2], a: 1 }, new Date(5), null, undefined, NaN, -0].forEach((key, index) => {
      expect(map.get(key)).toBe(index);
      map.set(key, -index);
    });
    expect([...map]).toEqual(keys.map((key, index) => [key, -index]));
    expect(map.get([1, 2, 3])).toBeUndefined();
    expect(map.get(2)).toBeUndefined();
  });

  test("refuses what is no key", () => {
    const map = new KeyMap<number>();
    expect(() => map.set(new Map(), 1)).toThrow("GLOAM_KEY_UNSUPPORTED");
    expect(() => map.get(Symbol.iterator)).toThrow("GLOAM_KEY_UNSUPPORTED");
  });
});
