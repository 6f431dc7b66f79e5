import { decodeValue, encodeValue } from "@gloam/arrow";
import { createRandom } from "@gloam/common";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Stats } from "./stats.ts";

/** By definition, in exact arithmetic on integers. */
function exactly(numbers: readonly number[]): { readonly mean: number; readonly variance: number } {
  const count = BigInt(numbers.length);
  const sum = numbers.reduce((total, x) => total + BigInt(x), 0n);
  const squares = numbers.reduce((total, x) => total + BigInt(x) * BigInt(x), 0n);
  // Twenty more decimals than a float has digits for.
  const scale = 10n ** 20n;
  return {
    mean: Number((sum * scale) / count) / 1e20,
    variance: Number(((squares * count - sum * sum) * scale) / (count * count)) / 1e20,
  };
}

function close(a: number, b: number, relative = 1e-12): void {
  expect(Math.abs(a - b)).toBeLessThanOrEqual(relative * Math.max(Math.abs(a), Math.abs(b), 1e-300));
}

describe("statistics", () => {
  test("are those of the definition, however the numbers are parted", () => {
    const integers = fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1, maxLength: 3000 });
    fc.assert(
      fc.property(integers, fc.array(fc.nat(), { maxLength: 4 }), (numbers, cuts) => {
        const exact = exactly(numbers);
        const at = [0, ...cuts.map((cut) => cut % numbers.length).toSorted((a, b) => a - b), numbers.length];
        const parts = at.slice(1).map((to, i) => Stats.of(numbers.slice(at[i], to)));
        for (const stats of [Stats.of(numbers), parts.reduce((a, b) => a.merge(b), Stats.empty)]) {
          expect(stats.count).toBe(numbers.length);
          expect(stats.sum).toBe(numbers.reduce((a, b) => a + b));
          expect([stats.min, stats.max]).toEqual([Math.min(...numbers), Math.max(...numbers)]);
          expect(Math.abs(stats.mean - exact.mean)).toBeLessThan(1e-9);
          expect(Math.abs(stats.variance - exact.variance)).toBeLessThanOrEqual(1e-12 * exact.variance + 1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("of numbers far from zero that differ little", () => {
    const random = createRandom(1);
    const numbers = Array.from({ length: 100_000 }, () => 1e9 + random.nextInt(10));
    const stats = Stats.of(numbers);
    close(stats.variance, exactly(numbers).variance, 1e-9);
    close(stats.mean, exactly(numbers).mean, 1e-15);
    close(stats.sampleVariance, (stats.variance * 100_000) / 99_999);
  });

  test("where the first number is far from all others", () => {
    const numbers = [1e9, ...Array.from({ length: 5000 }, (_, i) => i % 2)];
    close(Stats.of(numbers).variance, exactly(numbers).variance, 1e-9);
  });

  test("of none and of one", () => {
    expect(Stats.empty).toMatchObject({ count: 0, sum: 0, min: Infinity, max: -Infinity });
    const { mean, variance, stdev, sampleVariance, sampleStdev } = Stats.empty;
    expect([mean, variance, stdev, sampleVariance, sampleStdev]).toEqual(new Array<number>(5).fill(NaN));
    expect(Stats.of([3])).toMatchObject({ count: 1, mean: 3, variance: 0, stdev: 0, sampleVariance: NaN });
    expect(Stats.of([]).merge(Stats.of([3])).mean).toBe(3);
    expect(Stats.of([3]).merge(Stats.empty).mean).toBe(3);
  });

  test("of NaN and infinite numbers", () => {
    const numbers = Array.from({ length: 3000 }, (_, i) => i);
    expect(Stats.of([...numbers, NaN, ...numbers])).toMatchObject({ sum: NaN, mean: NaN, min: NaN, max: NaN });
    const infinite = Stats.of([...numbers, Infinity, ...numbers, Infinity]);
    expect(infinite).toMatchObject({ sum: Infinity, mean: Infinity, min: 0, max: Infinity, variance: NaN });
    expect(Stats.of([Infinity, -Infinity])).toMatchObject({ mean: NaN, min: -Infinity, max: Infinity });
  });

  test("travel, as moments too", () => {
    for (const stats of [Stats.of([1, 2, 6]), Stats.empty]) {
      expect(new Stats(structuredClone(stats.moments))).toEqual(stats);
      const again = decodeValue(encodeValue([stats])) as [Stats];
      expect(again[0]).toBeInstanceOf(Stats);
      expect(again[0].merge(Stats.of([3]))).toEqual(stats.merge(Stats.of([3])));
    }
  });
});
