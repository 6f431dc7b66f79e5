import { Stats, type Moments } from "@gloam/plan";
import { normalQuantile, poissonQuantile, studentQuantile } from "./distribution-quantiles.ts";
import type { BoundedNumber } from "./partial-result.ts";

/**
 * Estimates a number of all partitions from the results of some. The estimates are Spark's: they take the partitions that are
 * through for a random part of all.
 */
export interface Evaluator {
  /** Takes one partition's result, each once and in any order. */
  merge(partition: number, result: unknown): void;
  /** What is known, where `total` partitions are all; undefined while their number is not known. */
  current(total: number | undefined): BoundedNumber;
}

/** Estimates a count: what is missing is taken for a Poisson variable of the same rate. */
export function countEvaluator(confidence: number): Evaluator {
  let merged = 0;
  let sum = 0;
  return {
    merge(_partition, count) {
      merged++;
      sum += count as number;
    },
    current(total) {
      if (merged === total) return exact(sum);
      if (total === undefined || sum === 0) return { mean: 0, confidence: 0, low: 0, high: Infinity };
      const share = merged / total;
      const missing = (sum * (1 - share)) / share;
      return {
        mean: sum + missing,
        confidence,
        low: sum + poissonQuantile((1 - confidence) / 2, missing),
        high: sum + poissonQuantile((1 + confidence) / 2, missing),
      };
    },
  };
}

/** Estimates a mean, from the spread of the numbers seen. */
export function meanEvaluator(confidence: number): Evaluator {
  return statsEvaluator((stats) => {
    const deviation = Math.sqrt(stats.sampleVariance / stats.count);
    return around(stats.mean, deviation, stats.count, confidence);
  }, "mean");
}

/** Estimates a sum: an estimated mean, times an estimated count. */
export function sumEvaluator(confidence: number): Evaluator {
  return statsEvaluator((stats, share) => {
    const meanVariance = stats.sampleVariance / stats.count;
    const count = (stats.count + 1 - share) / share;
    const countVariance = ((stats.count + 1) * (1 - share)) / (share * share);
    // The variance of a product of independent variables.
    const variance =
      stats.mean * stats.mean * countVariance + count * count * meanVariance + meanVariance * countVariance;
    return around(stats.mean * count, Math.sqrt(variance), stats.count, confidence);
  }, "sum");
}

function statsEvaluator(estimate: (stats: Stats, share: number) => BoundedNumber, which: "mean" | "sum"): Evaluator {
  let merged = 0;
  const parts: Moments[] = [];
  return {
    merge(partition, moments) {
      merged++;
      parts[partition] = moments as Moments;
    },
    current(total) {
      // In the order of the partitions, so that what it is in the end does not depend on which came first.
      const stats = parts.reduce((sum, part) => sum.merge(new Stats(part)), Stats.empty);
      if (merged === total) return exact(stats[which]);
      // The spread of fewer than two numbers is not known.
      if (total === undefined || stats.count < 2) {
        return { mean: stats.count === 0 ? 0 : stats.mean, confidence: 0, low: -Infinity, high: Infinity };
      }
      return estimate(stats, merged / total);
    },
  };
}

function exact(value: number): BoundedNumber {
  return { mean: value, confidence: 1, low: value, high: value };
}

/** An estimate that is normally distributed, or as Student says where little was seen. */
function around(mean: number, deviation: number, count: number, confidence: number): BoundedNumber {
  const p = 1 - (1 - confidence) / 2;
  const reach = deviation * (count > 100 ? normalQuantile(p) : studentQuantile(p, count - 1));
  return { mean, confidence, low: mean - reach, high: mean + reach };
}
