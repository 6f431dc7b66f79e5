import type { Rdd } from "gloam";
import { action, nothing, type Action } from "./action.ts";
import { compare, nameOf, sumOf, type Row } from "./rows.ts";

/** What Gloam says of numbers, and the model: mean squares of distances from the mean, by their definition. */
const moments = {
  sum: { of: (values) => sumOf(values), run: (rdd) => rdd.sum() },
  mean: { of: (values) => sumOf(values) / values.length, run: (rdd) => rdd.mean() },
  variance: { of: (values) => spread(values) / values.length, run: (rdd) => rdd.variance() },
  stdev: { of: (values) => Math.sqrt(spread(values) / values.length), run: (rdd) => rdd.stdev() },
  sampleVariance: { of: sampleVariance, run: (rdd) => rdd.sampleVariance() },
  sampleStdev: { of: (values) => Math.sqrt(sampleVariance(values)), run: (rdd) => rdd.sampleStdev() },
} satisfies Record<string, { of(values: readonly number[]): number; run(rdd: Rdd<number>): Promise<number> }>;

function spread(values: readonly number[]): number {
  const mean = sumOf(values) / values.length;
  return sumOf(values.map((value) => (value - mean) ** 2));
}

function sampleVariance(values: readonly number[]): number {
  return values.length < 2 ? NaN : spread(values) / (values.length - 1);
}

const valuesOf = (rows: readonly Row[]): number[] => rows.map(([, value]) => value);

/** The number, where it is not what the model has up to rounding. */
function unlike(value: number, expected: number, values: readonly number[]): number | undefined {
  const largest = Math.max(1, ...values.map(Math.abs));
  const isLike = Object.is(value, expected) || Math.abs(value - expected) <= 1e-9 * largest ** 2;
  return isLike ? undefined : value;
}

const moment: Action = (random, { rows }) => {
  const names = Object.keys(moments) as (keyof typeof moments)[];
  const name = names[random.nextInt(names.length)]!;
  const { of, run } = moments[name];
  const values = valuesOf(rows);
  return action({
    description: `values().${name}()`,
    expected: undefined,
    run: (rdd) => run(rdd.values()),
    promised: (value) => unlike(value, of(values), values),
  });
};

const stats: Action = (_, { rows }) => {
  const values = valuesOf(rows);
  const exact = [values.length, sumOf(values), Math.min(...values), Math.max(...values)];
  return action({
    description: "values().stats()",
    expected: { exact: (values.length === 0 ? [0, 0] : exact).map(nameOf), mean: undefined, variance: undefined },
    run: async (rdd) => {
      const { count, sum, min, max, mean, variance } = await rdd.values().stats();
      return { exact: count === 0 ? [count, sum] : [count, sum, min, max], mean, variance };
    },
    promised: (found) => ({
      exact: found.exact.map(nameOf),
      mean: unlike(found.mean, moments.mean.of(values), values),
      variance: unlike(found.variance, moments.variance.of(values), values),
    }),
  });
};

const histogram: Action = (random, { rows }) => {
  const values = valuesOf(rows);
  const width = 1 + random.nextInt(200);
  const bounds = Array.from({ length: 2 + random.nextInt(6) }, (_, i) => i * i * width - 300);
  const [lowest, highest] = [bounds[0]!, bounds.at(-1)!];
  const inside = values.filter((value) => value >= lowest && value <= highest);
  const bucketOf = (value: number): number => bounds.findLastIndex((bound, at) => at < bounds.length - 1 && bound <= value); // prettier-ignore
  return action({
    description: `values().histogram([${bounds.join()}])`,
    expected: bounds.slice(1).map((_, bucket) => inside.filter((value) => bucketOf(value) === bucket).length),
    run: (rdd) => rdd.values().histogram(bounds),
    promised: ({ counts }) => counts,
  });
};

const evenHistogram: Action = (random, { rows }) => {
  const values = valuesOf(rows);
  const buckets = 1 + random.nextInt(6);
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const [length, total] = [least === greatest ? 1 : buckets, values.length];
  return action({
    description: `values().histogram(${buckets})`,
    expected: total === 0 ? nothing : { length, total, bounds: [least, greatest].map(nameOf) },
    run: (rdd) => rdd.values().histogram(buckets),
    promised: ({ buckets: bounds, counts }) => ({
      length: counts.length,
      total: sumOf(counts),
      bounds: [bounds[0], bounds.at(-1)].map(nameOf),
    }),
  });
};

/** Of few numbers percentiles are exact. */
const percentiles: Action = (random, { rows }) => {
  const values = valuesOf(rows).toSorted(compare);
  const percents = [0, 50, 100, random.nextInt(101)];
  const expected = percents.map((percent) => {
    const place = ((values.length - 1) * percent) / 100;
    const below = values[Math.floor(place)]!;
    return below + (values[Math.ceil(place)]! - below) * (place - Math.floor(place));
  });
  return action({
    description: `values().percentiles([${percents.join()}])`,
    expected: percents.map(() => undefined),
    run: (rdd) => rdd.values().percentiles(percents, { compression: 1000 }),
    promised: (found) => found.map((value, at) => unlike(value, values.length === 0 ? NaN : expected[at]!, values)),
  });
};

/** Actions upon values as numbers. */
export const numberActions: readonly Action[] = [
  moment,
  moment,
  moment,
  moment,
  moment,
  moment,
  stats,
  histogram,
  evenHistogram,
  percentiles,
];
