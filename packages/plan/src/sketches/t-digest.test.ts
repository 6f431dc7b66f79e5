import { decodeValue, encodeValue } from "@gloam/arrow";
import { createRandom, type Random } from "@gloam/common";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TDigest } from "./t-digest.ts";

const distributions: Readonly<Record<string, (random: Random, i: number, length: number) => number>> = {
  uniform: (random) => random.next(),
  normal: (random) => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next()),
  "log-normal": (random) => Math.exp(3 * Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(6.28 * random.next())),
  "with a long tail": (random) => (1 - random.next()) ** -2,
  ascending: (_random, i) => i,
  descending: (_random, i) => 5 - i,
  "of few values": (random) => random.nextInt(5),
  "of two values far apart": (random) => (random.next() < 0.9 ? 1 : 1e12),
  "in two heaps": (random) => (random.next() < 0.5 ? 0 : 1000) + random.next(),
  "nearly all the same": (random) => (random.next() < 0.001 ? random.next() * 1e6 : 7),
  "of points in time": (random) => 1.7e12 + random.nextInt(86_400_000),
  "that goes up and down": (_random, i, length) => Math.sin((40 * i) / length) * i,
};
const quantiles = [0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999];

/** By definition, between two numbers in proportion. */
function exactly(sorted: ArrayLike<number>, q: number): number {
  const rank = q * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(rank)]!, sorted[Math.ceil(rank)]!];
  return low + (high - low) * (rank % 1);
}

/** How many of sorted numbers come before the first for which something does not hold. */
function countWhile(sorted: Float64Array, holds: (x: number) => boolean): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(sorted[middle]!)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How far a value's ranks are from a quantile, as a share of all: 0 where the value is there at that rank. */
function rankError(sorted: Float64Array, value: number, q: number): number {
  const below = countWhile(sorted, (x) => x < value) / sorted.length;
  const upTo = countWhile(sorted, (x) => x <= value) / sorted.length;
  // One number more or less is no error: ranks lie between them.
  return Math.max(0, below - q, q - upTo) - 1 / sorted.length;
}

function digestOf(numbers: Iterable<number>, compression: number): TDigest {
  const digest = new TDigest(compression);
  for (const x of numbers) digest.add(x);
  return digest;
}

/** What the documentation promises. */
const promised = (q: number, compression: number): number => (4 * Math.PI * Math.sqrt(q * (1 - q))) / compression;

describe.each(Object.entries(distributions))("a digest of a distribution %s", (_name, draw) => {
  test.each([
    [1000, 100],
    [10_000, 20],
    [30_000, 100],
    [100_000, 400],
  ])(
    "of %i numbers with compression %i keeps its promise, in one piece and merged in any order",
    (length, compression) => {
      const random = createRandom(length + compression);
      const numbers = Float64Array.from({ length }, (_, i) => draw(random, i, length));
      const sorted = numbers.slice().sort();
      const whole = digestOf(numbers, compression);
      expect(whole.centroids.means.length).toBeLessThanOrEqual(length > 2 * compression ? compression : length);
      const parts = Array.from({ length: 9 }, (_, i) =>
        digestOf(numbers.subarray((i * length) / 9, ((i + 1) * length) / 9), compression),
      );
      const merged = TDigest.merged(parts);
      const oneByOne = parts.reduce((a, b) => TDigest.merged([a, b]));
      for (const digest of [whole, merged, oneByOne]) {
        for (const q of quantiles)
          expect(rankError(sorted, digest.quantile(q), q)).toBeLessThan(promised(q, compression));
        expect([digest.quantile(0), digest.quantile(1)]).toEqual([sorted[0], sorted[length - 1]]);
      }
      const shuffled = parts.map((part) => ({ part, at: random.next() })).toSorted((a, b) => a.at - b.at);
      expect(TDigest.merged(shuffled.map(({ part }) => part)).toBytes()).toEqual(merged.toBytes());
    },
  );
});

describe("a digest", () => {
  test("of few numbers is exact, also merged", () => {
    const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, max: 1e300, min: -1e300 }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (given, q, cut) => {
        const sorted = given.toSorted((a, b) => a - b);
        const parts = [given.slice(0, cut % given.length), given.slice(cut % given.length)];
        const scale = Math.max(...given.map(Math.abs), 1e-300);
        for (const digest of [digestOf(given, 20), TDigest.merged(parts.map((part) => digestOf(part, 20)))]) {
          expect(Math.abs(digest.quantile(q) / scale - exactly(sorted, q) / scale)).toBeLessThan(1e-12);
          for (const [i, x] of sorted.entries()) {
            if (sorted.length > 1) expect(Math.abs(digest.quantile(i / (sorted.length - 1)) - x)).toBeLessThanOrEqual(1e-12 * scale); // prettier-ignore
          }
        }
      }),
    );
  });

  test("of equal numbers gives that number", () => {
    const digest = digestOf(new Float64Array(10_000).fill(0.1), 20);
    for (const q of [0, 0.1, 0.5, 1]) expect(digest.quantile(q)).toBe(0.1);
  });

  test("of none, and of infinite numbers", () => {
    expect(digestOf([], 20).quantile(0.5)).toBeNaN();
    expect(TDigest.merged([digestOf([], 20), digestOf([], 20)]).quantile(0.5)).toBeNaN();
    const digest = TDigest.merged([digestOf([-Infinity, 1, 2], 20), digestOf([3, Infinity, Infinity], 20)]);
    expect([0, 0.2, 0.4, 0.6, 0.8, 1].map((q) => digest.quantile(q))).toEqual([-Infinity, 1, 2, 3, Infinity, Infinity]);
    expect(digestOf([Infinity], 20).quantile(0.5)).toBe(Infinity);
    const largest = digestOf(
      Float64Array.from({ length: 1000 }, (_, i) => (i % 2 === 0 ? -1e308 : 1e308)),
      20,
    );
    for (const q of quantiles) expect(Math.abs(largest.quantile(q))).toBeLessThanOrEqual(1e308);
  });

  test("travels", () => {
    for (const length of [0, 3, 50_000]) {
      const digest = digestOf(Array.from({ length }, (_, i) => Math.sin(i)), 50); // prettier-ignore
      const again = decodeValue(encodeValue([digest])) as [TDigest];
      expect(again[0]).toBeInstanceOf(TDigest);
      expect(again[0].toBytes()).toEqual(digest.toBytes());
      again[0].add(5);
      expect(again[0].quantile(1)).toBe(5);
    }
  });
});
