import { createRandom, type Random } from "@gloam/common";
import { Stats } from "@gloam/plan";
import { expect, test } from "vitest";
import { countEvaluator, meanEvaluator, sumEvaluator, type Evaluator } from "./evaluators.ts";

test("nothing is known of nothing", () => {
  for (const total of [undefined, 3]) {
    expect(countEvaluator(0.95).current(total)).toEqual({ mean: 0, confidence: 0, low: 0, high: Infinity });
    for (const evaluator of [meanEvaluator(0.95), sumEvaluator(0.95)])
      expect(evaluator.current(total)).toEqual({ mean: 0, confidence: 0, low: -Infinity, high: Infinity });
  }
});

test("what is through is exact", () => {
  const count = countEvaluator(0.95);
  for (const [partition, n] of [3, 0, 4].entries()) count.merge(partition, n);
  expect(count.current(3)).toEqual({ mean: 7, confidence: 1, low: 7, high: 7 });
  expect(countEvaluator(0.9).current(0)).toEqual({ mean: 0, confidence: 1, low: 0, high: 0 });
  const [mean, sum] = [meanEvaluator(0.95), sumEvaluator(0.95)];
  for (const evaluator of [mean, sum])
    for (const [partition, part] of [[1, 2], [6]].entries()) evaluator.merge(partition, Stats.of(part).moments); // prettier-ignore
  expect(mean.current(2)).toMatchObject({ mean: 3, confidence: 1 });
  expect(sum.current(2)).toMatchObject({ mean: 9, confidence: 1 });
});

test("what comes out does not depend on which partition came first", () => {
  const parts = Array.from({ length: 9 }, (_, i) => Stats.of([Math.sin(i) * 10 ** i, 0.1 * i]).moments);
  const [forwards, backwards] = [sumEvaluator(0.95), sumEvaluator(0.95)];
  for (const [partition, part] of parts.entries()) forwards.merge(partition, part);
  for (let partition = 8; partition >= 0; partition--) backwards.merge(partition, parts[partition]);
  expect(backwards.current(9)).toEqual(forwards.current(9));
  expect(backwards.current(20)).toEqual(forwards.current(20));
});

test("a single number says nothing of the spread", () => {
  const evaluator = sumEvaluator(0.95);
  evaluator.merge(0, Stats.of([5]).moments);
  expect(evaluator.current(2)).toEqual({ mean: 5, confidence: 0, low: -Infinity, high: Infinity });
});

/** How often the bounds hold the truth, when each element falls into one of ten partitions at random and four are through. */
function coverage(
  make: (confidence: number) => Evaluator,
  result: (values: readonly number[]) => unknown,
  truth: (values: readonly number[]) => number,
  random: Random,
  confidence: number,
): number {
  const runs = 600;
  let held = 0;
  for (let run = 0; run < runs; run++) {
    const values = Array.from({ length: 40 + random.nextInt(800) }, () => 10 + random.next() ** 2 * 50);
    const parts = Array.from({ length: 10 }, () => [] as number[]);
    for (const value of values) parts[random.nextInt(10)]!.push(value);
    const evaluator = make(confidence);
    for (const [partition, part] of parts.slice(0, 4).entries()) evaluator.merge(partition, result(part));
    const { low, high, mean } = evaluator.current(10);
    expect(low <= mean && mean <= high).toBe(true);
    if (low <= truth(values) && truth(values) <= high) held++;
  }
  return held / runs;
}

test.each([0.8, 0.95])("bounds hold the truth as often as they say: %d", (confidence) => {
  const random = createRandom(5);
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const moments = (values: readonly number[]): unknown => Stats.of(values).moments;
  // The share of 600 draws has a spread of 0.016 at most.
  const least = confidence - 0.05;
  expect(coverage(meanEvaluator, moments, (values) => sum(values) / values.length, random, confidence)).toBeGreaterThan(least); // prettier-ignore
  expect(coverage(sumEvaluator, moments, sum, random, confidence)).toBeGreaterThan(least);
  // A Poisson variable of the rate that was seen, which is itself only about the rate: somewhat less often (as in Spark).
  expect(coverage(countEvaluator, (values) => values.length, (values) => values.length, random, confidence)).toBeGreaterThan(confidence - 0.25); // prettier-ignore
});
