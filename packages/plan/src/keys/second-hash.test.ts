import { describe, expect, test } from "vitest";
import { hashKey, keysEqual, secondHash } from "./index.ts";

const keys = [
  0, 1, -1, 0.5, 2 ** 31, 2 ** 53, Infinity, -Infinity, NaN, 0n, 1n, -1n, 2n ** 64n, "", "a", "ab", "1", undefined, null, true, false,
  new Date(0), new Date(1), new Date(NaN), Uint8Array.of(), Uint8Array.of(1), [], [1], [1, 2], [[1], 2], {}, { a: 1 }, { a: undefined }, { b: 1, a: 2 },
]; // prettier-ignore

describe("the second hash", () => {
  test("of equal keys is equal, of others not", () => {
    for (const [i, a] of keys.entries())
      for (const [k, b] of keys.entries()) expect(secondHash(a) === secondHash(b)).toBe(i === k && keysEqual(a, b));
    expect(secondHash(-0)).toBe(secondHash(0));
    expect(secondHash({ a: 2, b: 1 })).toBe(secondHash({ b: 1, a: 2 }));
    expect(secondHash(Buffer.of(1))).toBe(secondHash(Uint8Array.of(1)));
    expect(secondHash(["a"].concat([]))).toBe(secondHash(["a"]));
    const nan = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0];
    expect(secondHash(nan)).toBe(secondHash(NaN));
  });

  test("refuses what has no equality", () => {
    for (const none of [new Map(), Symbol("s"), () => 1]) expect(() => secondHash(none)).toThrow("GLOAM_KEY_UNSUPPORTED"); // prettier-ignore
  });

  test.each([
    ["integers", (i: number): unknown => i],
    ["floats", (i: number): unknown => i * 0.37],
    ["texts", (i: number): unknown => `text ${i}`],
    ["pairs", (i: number): unknown => [i & 255, i >> 8]],
  ])("of %s says nothing about the first", (_name, make) => {
    const length = 2 ** 17;
    // Keys by a byte of the one and a byte of the other: a chi-squared statistic of 65,535 degrees of freedom has a spread of 362.
    for (const [shift, otherShift] of [
      [0, 0],
      [24, 24],
      [0, 24],
      [8, 16],
    ] as const) {
      const counts = new Float64Array(65_536);
      for (let i = 0; i < length; i++) {
        const key = make(i);
        const cell = ((hashKey(key) >>> shift) & 255) | (((secondHash(key) >>> otherShift) & 255) << 8);
        counts[cell] = counts[cell]! + 1;
      }
      const statistic = counts.reduce((sum, count) => sum + (count - 2) ** 2 / 2, 0);
      expect(Math.abs(statistic - 65_535)).toBeLessThan(5 * 362);
    }
  });
});
