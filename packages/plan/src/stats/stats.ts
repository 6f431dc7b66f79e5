import { registerClass } from "@gloam/arrow";

/** What is needed of two sets of numbers to know both together. */
export interface Moments {
  readonly count: number;
  readonly sum: number;
  readonly mean: number;
  /** Sum of the squared distances from the mean. */
  readonly squares: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Count, mean and spread of numbers. Immutable; `merge` gives those of two sets together, so that parts may be kept and
 * added up later. It can travel, as an element or a value. Numerically stable: numbers far from zero that differ little have the variance that they should have.
 *
 * Of no numbers, `count` and `sum` are 0, `min` is Infinity, `max` -Infinity, and the rest NaN.
 */
export class Stats {
  readonly count: number;
  readonly sum: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Mean squared distance from the mean: of a whole population. */
  readonly variance: number;
  /** Square root of `variance`. */
  readonly stdev: number;
  /** The variance of the population that the numbers are a sample of (divided by `count - 1`); NaN below two numbers. */
  readonly sampleVariance: number;
  /** Square root of `sampleVariance`. */
  readonly sampleStdev: number;
  readonly #squares: number;

  /** From the `moments` of others; `of` makes them of numbers. */
  constructor({ count, sum, mean, squares, min, max }: Moments) {
    this.count = count;
    this.sum = sum;
    this.mean = count === 0 ? Number.NaN : mean;
    this.min = min;
    this.max = max;
    this.variance = count === 0 ? Number.NaN : squares / count;
    this.stdev = Math.sqrt(this.variance);
    this.sampleVariance = count < 2 ? Number.NaN : squares / (count - 1);
    this.sampleStdev = Math.sqrt(this.sampleVariance);
    this.#squares = squares;
  }

  /** Of no numbers. */
  static readonly empty: Stats = new Stats({ count: 0, sum: 0, mean: 0, squares: 0, min: Infinity, max: -Infinity });

  /** Of all these numbers. */
  static of(numbers: ArrayLike<number>): Stats {
    const { length } = numbers;
    if (length <= blockLength) return new Stats(momentsOf(numbers, 0, length));
    let stats = Stats.empty;
    for (let from = 0; from < length; from += blockLength) {
      stats = stats.merge(new Stats(momentsOf(numbers, from, Math.min(length, from + blockLength))));
    }
    return stats;
  }

  /** As plain data. */
  get moments(): Moments {
    const { count, sum, mean, min, max } = this;
    return { count, sum, mean, squares: this.#squares, min, max };
  }

  /**
   * Of these numbers and others. (Chan, Golub and LeVeque, Updating formulae and a pairwise algorithm for computing sample
   * variances, 1979.)
   */
  merge(other: Stats): Stats {
    if (other.count === 0) return this;
    if (this.count === 0) return other;
    const count = this.count + other.count;
    const sum = this.sum + other.sum;
    const distance = other.mean - this.mean;
    const mean = this.mean + distance * (other.count / count);
    return new Stats({
      count,
      sum,
      // Infinite numbers have no distance from each other.
      mean: Number.isFinite(mean) ? mean : sum / count,
      squares: this.#squares + other.#squares + distance * distance * ((this.count * other.count) / count),
      min: Math.min(this.min, other.min),
      max: Math.max(this.max, other.max),
    });
  }
}

registerClass({
  name: "gloam.Stats",
  constructor: Stats,
  toData: ({ moments }: Stats) => moments,
  fromData: (moments: Moments) => new Stats(moments),
});

/** Numbers whose mean is found before their distances from it: they lie in the first-level cache. */
export const blockLength = 1024;

/** The moments of the numbers `from .. to`, in two passes. Four sums at a time: an addition waits for the one before it. */
function momentsOf(numbers: ArrayLike<number>, from: number, to: number): Moments {
  let sum = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let min = Infinity;
  let max = -Infinity;
  const whole = from + ((to - from) & ~3);
  for (let i = from; i < whole; i += 4) {
    const a = numbers[i]!;
    const b = numbers[i + 1]!;
    const c = numbers[i + 2]!;
    const d = numbers[i + 3]!;
    sum += a;
    sum1 += b;
    sum2 += c;
    sum3 += d;
    if (a < min) min = a;
    if (b < min) min = b;
    if (c < min) min = c;
    if (d < min) min = d;
    if (a > max) max = a;
    if (b > max) max = b;
    if (c > max) max = c;
    if (d > max) max = d;
  }
  for (let i = whole; i < to; i++) {
    const a = numbers[i]!;
    sum += a;
    if (a < min) min = a;
    if (a > max) max = a;
  }
  sum += sum1 + (sum2 + sum3);
  const count = to - from;
  const mean = sum / count;
  // NaN is neither less nor more than anything.
  if (sum !== sum && hasNaN(numbers, from, to)) min = max = Number.NaN;
  return { count, sum, mean, squares: squaresOf(numbers, from, to, mean), min, max };
}

function squaresOf(numbers: ArrayLike<number>, from: number, to: number, mean: number): number {
  let squares = 0;
  let squares1 = 0;
  let squares2 = 0;
  let squares3 = 0;
  const whole = from + ((to - from) & ~3);
  for (let i = from; i < whole; i += 4) {
    const a = numbers[i]! - mean;
    const b = numbers[i + 1]! - mean;
    const c = numbers[i + 2]! - mean;
    const d = numbers[i + 3]! - mean;
    squares += a * a;
    squares1 += b * b;
    squares2 += c * c;
    squares3 += d * d;
  }
  for (let i = whole; i < to; i++) {
    const a = numbers[i]! - mean;
    squares += a * a;
  }
  return squares + squares1 + (squares2 + squares3);
}

function hasNaN(numbers: ArrayLike<number>, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (numbers[i] !== numbers[i]) return true;
  return false;
}
