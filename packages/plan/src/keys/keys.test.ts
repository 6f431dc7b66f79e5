import { runInThisContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  compareKeys,
  hashFloats,
  hashKey,
  hashNumber,
  hashString,
  hashWords,
  keysEqual,
  partitionOf,
} from "./index.ts";

const leaf = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 3 }) },
  fc.double(),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 2 ** 31, 2 ** 53, 0n, 1n, -1n, 2n ** 64n, "", "a", "ab", "1"),
  fc.string({ maxLength: 3, unit: "binary" }),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.constantFrom(undefined, null, true, false),
  fc.date({ noInvalidDate: false, min: new Date(0), max: new Date(5) }),
  fc.uint8Array({ maxLength: 2 }),
);
const key = fc.letrec<{ key: unknown }>((tie) => ({
  key: fc.oneof(
    { weight: 5, arbitrary: leaf },
    fc.array(tie("key"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "__proto__", "z"), tie("key"), { maxKeys: 3 }),
  ),
})).key;

/** An equal key built another way. */
function twin(value: unknown): unknown {
  if (value === 0) return -value;
  if (typeof value === "string") return value.split("").join("");
  if (Array.isArray(value)) return value.map(twin);
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, field]) => [name, twin(field)]),
  );
}

describe("keys", () => {
  test("equal keys have the same hash and compare as equal", () => {
    fc.assert(
      fc.property(key, (a) => {
        const b = twin(a);
        expect(keysEqual(a, b)).toBe(true);
        expect(hashKey(a)).toBe(hashKey(b));
        expect(compareKeys(a, b)).toBe(0);
      }),
    );
  });

  test("equality, order and hash agree", () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        const equal = keysEqual(a, b);
        expect(keysEqual(b, a)).toBe(equal);
        expect(compareKeys(a, b) === 0).toBe(equal);
        if (equal) expect(hashKey(a)).toBe(hashKey(b));
      }),
      { numRuns: 2000 },
    );
  });

  test("the order is antisymmetric and transitive", () => {
    fc.assert(
      fc.property(key, key, key, (a, b, c) => {
        expect(compareKeys(a, b)).toBe(-compareKeys(b, a) + 0);
        // Wrapped: Array.prototype.sort puts undefined last whatever the comparison says.
        const [[x], [y], [z]] = [[a], [b], [c]].sort(compareKeys) as [unknown[], unknown[], unknown[]];
        expect(compareKeys(x, y)).toBeLessThanOrEqual(0);
        expect(compareKeys(y, z)).toBeLessThanOrEqual(0);
        expect(compareKeys(x, z)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 3000 },
    );
  });

  test("kinds come in their documented order", () => {
    const ascending = [
      undefined, null, false, true, -Infinity, -1n, -0.5, 0, 0n, 0.5, 1, 1n, 2 ** 53, 2n ** 53n, 2n ** 53n + 1n, Infinity, NaN,
      new Date(1), new Date(NaN), "", "A", "a", "aa", "b", new Uint8Array([1]), new Uint8Array([1, 0]), new Uint8Array([2]),
      [], [1], [1, 1], [1, 1n], [1, "a"], ["a"], {}, { a: 1 }, { a: 1, b: 1 }, { a: 2 }, { b: 0 },
    ]; // prettier-ignore
    const shuffled = [...ascending].reverse();
    expect(shuffled.map((k) => [k]).sort(compareKeys).map(([k]) => k)).toEqual(ascending); // prettier-ignore
  });

  test("numbers, bigints and their texts differ; a hole equals undefined", () => {
    expect(keysEqual(1, 1n)).toBe(false);
    expect(keysEqual(1, "1")).toBe(false);
    expect(keysEqual([1, 2], { 0: 1, 1: 2 })).toBe(false);
    expect(keysEqual({ a: undefined }, { b: undefined })).toBe(false);
    expect(keysEqual({ a: undefined }, {})).toBe(false);
    expect(hashKey(Object.assign(new Array<unknown>(2), { 1: 1 }))).toBe(hashKey([undefined, 1]));
  });

  test("values without equality by value are refused with a code", () => {
    for (const value of [new Map(), () => 1, Symbol("s"), /x/, new URL("file:///x")]) {
      expect(() => hashKey(value)).toThrow("GLOAM_KEY_UNSUPPORTED");
      expect(() => keysEqual(value, [1])).toThrow("GLOAM_KEY_UNSUPPORTED");
      expect(() => compareKeys(value, 1)).toThrow("GLOAM_KEY_UNSUPPORTED");
    }
  });

  test("hashNumber and hashString work from their source text alone", () => {
    const number = runInThisContext(`(${hashNumber.toString()})`) as typeof hashNumber;
    const string = runInThisContext(`(${hashString.toString()})`) as typeof hashString;
    for (const value of [0, 1.5, -7, 2 ** 40, NaN, 1e-300]) {
      expect(number(value, hashFloats, hashWords)).toBe(hashKey(value));
    }
    for (const value of ["", "a", "ab", "abc", "été"]) expect(string(value)).toBe(hashKey(value));
  });
});

describe("distribution", () => {
  const count = 1 << 16;
  const families: Record<string, (i: number) => unknown> = {
    "sequential integers": (i) => i,
    "negative integers": (i) => -i,
    "multiples of 64": (i) => i * 64,
    "multiples of 2^16": (i) => i * 65536,
    "multiples of 2^32": (i) => i * 2 ** 32,
    "large integers": (i) => 2 ** 45 + i,
    halves: (i) => i + 0.5,
    tenths: (i) => i / 10 + 0.01,
    "small fractions": (i) => i * 2 ** -60 + 2 ** -80,
    "powers of two times odd": (i) => ((i >> 6) * 2 + 1) * 2 ** ((i & 63) * 8 - 256),
    "squared reciprocals": (i) => 1 / (i + 2) ** 2,
    words: (i) => `word${i}`,
    "padded digits": (i) => String(i).padStart(12, "0"),
    bigints: (i) => BigInt(i),
    "large bigints": (i) => BigInt(i) << 64n,
    tuples: (i) => [i & 255, i >> 8],
    "tuples of words": (i) => [`a${i & 255}`, `a${i >> 8}`],
    objects: (i) => ({ x: i & 255, y: i >> 8 }),
    dates: (i) => new Date(i * 86_400_000),
    bytes: (i) => new Uint8Array([i, i >> 8]),
  };

  /** Chi-square per degree of freedom: about 1 for a random assignment; far below is as good. */
  function unevenness(buckets: Uint32Array): number {
    const total = buckets.reduce((sum, n) => sum + n, 0);
    const expected = total / buckets.length;
    return buckets.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0) / (buckets.length - 1);
  }

  test.each(Object.entries(families))("%s", (_, make) => {
    const hashes = new Int32Array(count).map((_hash, i) => hashKey(make(i)));
    const high = new Uint32Array(64);
    const low = new Uint32Array(1024);
    const middle = new Uint32Array(256);
    const partitions = new Uint32Array(7);
    const both = new Uint32Array(64 * 16);
    const within = new Uint32Array(1024);
    for (const hash of hashes) {
      high[hash >>> 26]!++;
      low[hash & 1023]!++;
      middle[(hash >>> 12) & 255]!++;
      partitions[partitionOf(hash, 7)]!++;
      const partition = partitionOf(hash, 16);
      both[(hash >>> 26) * 16 + partition]!++;
      if (partition === 3) within[hash & 1023]!++;
    }
    // 1.6 is over eight standard deviations for 63 degrees of freedom halved; the smallest table is allowed more.
    for (const buckets of [high, low, middle, both, within]) expect(unevenness(buckets)).toBeLessThan(1.6);
    expect(unevenness(partitions)).toBeLessThan(4);
    const distinct = new Set(hashes).size;
    // Birthday: 65,536 draws of 2^32 collide half a time.
    expect(count - distinct).toBeLessThan(8);
  });
});
