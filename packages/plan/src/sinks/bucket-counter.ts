/** Counts numbers by the bucket in which they lie. */
export interface BucketCounter {
  add(value: number): void;
  /** How many numbers each bucket has. */
  readonly counts: Float64Array;
}

/**
 * Counts by ascending bounds: a bucket has its lower bound and all up to its upper bound, the last one that as well. Numbers
 * outside, and NaN, are not counted. Where the bounds are about evenly spaced a division finds the bucket, give or take a
 * neighbour, else bisection. Self-contained, so that a stage compiles a copy of its own.
 */
export function createBucketCounter(bounds: readonly number[]): BucketCounter {
  const limits = Float64Array.from(bounds);
  const last = limits.length - 2;
  const counts = new Float64Array(last + 1);
  const lowest = limits[0]!;
  const highest = limits[last + 1]!;
  const width = (highest - lowest) / (last + 1);
  const scale = 1 / width;
  const isEven =
    width > 0 &&
    Number.isFinite(scale) &&
    Number.isFinite(width) &&
    limits.every((limit, i) => Math.abs(limit - (lowest + i * width)) <= width / 4);

  /** The last bucket that begins at or below the value. */
  function bisect(value: number): number {
    let from = 0;
    let to = last;
    while (from < to) {
      const middle = (from + to + 1) >> 1;
      if (limits[middle]! <= value) from = middle;
      else to = middle - 1;
    }
    return from;
  }

  function guess(value: number): number {
    let bucket = Math.min(last, ((value - lowest) * scale) | 0);
    while (value < limits[bucket]!) bucket--;
    while (bucket < last && value >= limits[bucket + 1]!) bucket++;
    return bucket;
  }

  return {
    counts,
    add(value) {
      if (!(value >= lowest && value <= highest)) return;
      const bucket = isEven ? guess(value) : bisect(value);
      counts[bucket] = counts[bucket]! + 1;
    },
  };
}
