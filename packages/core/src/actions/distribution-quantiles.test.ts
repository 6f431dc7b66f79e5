import { expect, test } from "vitest";
import { normalQuantile, poissonQuantile, studentQuantile } from "./distribution-quantiles.ts";

test.each([
  [0.5, 0],
  [0.75, 0.674489750196082],
  [0.975, 1.959963984540054],
  [0.995, 2.575829303548901],
  [0.9999, 3.719016485455709],
  [1e-10, -6.361340902404056],
  [1e-20, -9.26234008979841],
])("normal quantile of %d", (p, expected) => {
  expect(normalQuantile(p)).toBeCloseTo(expected, 11);
  // Near 1 there are no such small differences.
  if (p > 1e-6) expect(normalQuantile(1 - p)).toBeCloseTo(-expected, 10);
});

// Tables of Student's distribution, two-sided 50, 95 and 99 percent.
test.each([
  [1, 1, 12.7062, 63.6567],
  [2, 0.8165, 4.3027, 9.9248],
  [3, 0.7649, 3.1824, 5.8409],
  [4, 0.7407, 2.7764, 4.6041],
  [5, 0.7267, 2.5706, 4.0321],
  [10, 0.6998, 2.2281, 3.1693],
  [30, 0.6828, 2.0423, 2.75],
  [100, 0.677, 1.984, 2.6259],
])("Student's quantiles with %i degrees of freedom", (freedom, half, most, nearlyAll) => {
  for (const [p, expected] of [
    [0.75, half],
    [0.975, most],
    [0.995, nearlyAll],
  ] as const)
    // prettier-ignore
    expect(Math.abs(studentQuantile(p, freedom) - expected)).toBeLessThan(1e-4 * expected);
});

test("without degrees of freedom everything is possible", () => {
  expect(studentQuantile(0.975, 0)).toBe(Infinity);
});

test("Poisson quantiles are those of the sum of probabilities", () => {
  const exactly = (p: number, mean: number): number => {
    let [sum, count, logarithm] = [Math.exp(-mean), 0, -mean];
    while (sum < p) {
      logarithm += Math.log(mean) - Math.log(++count);
      sum += Math.exp(logarithm);
    }
    return count;
  };
  for (const mean of [0.1, 1, 3.5, 20, 400]) for (const p of [0.005, 0.025, 0.5, 0.975, 0.995]) expect(poissonQuantile(p, mean)).toBe(exactly(p, mean)); // prettier-ignore
  for (const mean of [1500, 700 * 1.9]) {
    // The first probabilities are too small for a float: counted from where they are not.
    let [logarithm, count] = [-mean, 0];
    const sums: [number, number][] = [];
    for (let sum = 0; sum < 0.9999;) {
      sum += Math.exp(logarithm);
      sums.push([count, sum]);
      logarithm += Math.log(mean) - Math.log(++count);
    }
    for (const p of [0.005, 0.025, 0.5, 0.975, 0.995])
      expect(Math.abs(poissonQuantile(p, mean) - sums.find(([, sum]) => sum >= p)![0])).toBeLessThanOrEqual(2);
  }
});
