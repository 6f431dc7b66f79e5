import { createRandom } from "@gloam/common";
import { describe, expect, test } from "vitest";
import { drawBinomial, drawHypergeometric } from "./discrete-draws.ts";

/** Mean and variance of many draws. */
function momentsOf(draw: () => number): { readonly mean: number; readonly variance: number } {
  const draws = Array.from({ length: 20_000 }, draw);
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  return { mean, variance: draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length };
}

const random = (): (() => number) => {
  const source = createRandom(7);
  return () => source.next();
};

describe("draws", () => {
  test.each([
    [10, 30, 7],
    [500, 2000, 1000],
    [1, 2, 1],
    [900_000, 1_000_000, 300_000],
  ])("hypergeometric: %s good of %s, %s draws", (good, total, draws) => {
    // prettier-ignore
    const from = random();
    const { mean, variance } = momentsOf(() => drawHypergeometric(from, good, total, draws));
    const part = good / total;
    const expected = draws * part * (1 - part) * ((total - draws) / Math.max(1, total - 1));
    expect(Math.abs(mean - draws * part)).toBeLessThan(5 * Math.sqrt(expected / 20_000));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.1);
  });

  test.each([
    [10, 0.3],
    [1000, 0.02],
    [1_000_000, 0.9],
    [1, 0.5],
  ])("binomial: %s draws of probability %s", (draws, part) => {
    // prettier-ignore
    const from = random();
    const { mean, variance } = momentsOf(() => drawBinomial(from, draws, part));
    const expected = draws * part * (1 - part);
    expect(Math.abs(mean - draws * part)).toBeLessThan(5 * Math.sqrt(expected / 20_000));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.1);
  });

  test("what can come out in one way only", () => {
    const from = random();
    expect(drawHypergeometric(from, 5, 5, 3)).toBe(3);
    expect(drawHypergeometric(from, 0, 5, 3)).toBe(0);
    expect(drawHypergeometric(from, 3, 5, 5)).toBe(3);
    expect(drawHypergeometric(from, 3, 5, 0)).toBe(0);
    expect(drawBinomial(from, 7, 1)).toBe(7);
    expect(drawBinomial(from, 7, 0)).toBe(0);
    expect(drawBinomial(from, 0, 0.5)).toBe(0);
    for (const last of [0, 1 - 2 ** -53]) {
      expect(drawBinomial(() => last, 5, 0.5)).toBeLessThanOrEqual(5);
      expect(drawHypergeometric(() => last, 5, 9, 4)).toBeLessThanOrEqual(4);
    }
  });
});
