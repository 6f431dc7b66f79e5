import { Stats, statsSink, sumSink, type Moments } from "@gloam/plan";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The sum of the numbers; 0 when there are none. Added in their order, so that it is the same each time.
     *
     * @throws GloamError `GLOAM_ELEMENT_INVALID` for an element that is no number, `undefined` too
     *
     * @example
     * await gc.parallelize([1, 2.5]).sum(); // 3.5
     */
    sum(this: Rdd<number>, options?: ActionOptions): Promise<number>;

    /**
     * The mean of the numbers; NaN when there are none (Spark says 0).
     *
     * @throws GloamError `GLOAM_ELEMENT_INVALID` for an element that is no number
     *
     * @example
     * await gc.parallelize([1, 2, 6]).mean(); // 3
     */
    mean(this: Rdd<number>, options?: ActionOptions): Promise<number>;

    /**
     * The variance of the numbers as a whole population: their mean squared distance from the mean. NaN when there are none.
     *
     * @throws GloamError `GLOAM_ELEMENT_INVALID` for an element that is no number
     *
     * @example
     * await gc.parallelize([1, 2, 6]).variance(); // 14 / 3
     */
    variance(this: Rdd<number>, options?: ActionOptions): Promise<number>;

    /**
     * The standard deviation of the numbers as a whole population, the square root of `variance`.
     *
     * @throws GloamError `GLOAM_ELEMENT_INVALID` for an element that is no number
     *
     * @example
     * await gc.parallelize([1, 3]).stdev(); // 1
     */
    stdev(this: Rdd<number>, options?: ActionOptions): Promise<number>;

    /**
     * The variance of the population of which the numbers are a sample: divided by one less than their number. NaN when
     * there are fewer than two.
     *
     * @throws GloamError `GLOAM_ELEMENT_INVALID` for an element that is no number
     *
     * @example
     * await gc.parallelize([1, 2, 6]).sampleVariance(); // 7
     */
    sampleVariance(this: Rdd<number>, options?: ActionOptions): Promise<number>;

    /**
     * The standard deviation of the population of which the numbers are a sample, the square root of `sampleVariance`.
     *
     * @throws GloamError `GLOAM_ELEMENT_INVALID` for an element that is no number
     *
     * @example
     * await gc.parallelize([1, 2, 3]).sampleStdev(); // 1
     */
    sampleStdev(this: Rdd<number>, options?: ActionOptions): Promise<number>;

    /**
     * Count, sum, mean, least, greatest and spread of the numbers, in one pass and without a shuffle: see {@link Stats}. Each
     * of `mean`, `variance` and so on makes a pass of its own. Of each key's numbers:
     * `aggregateByKey(Stats.empty, (stats, x) => stats.merge(Stats.of([x])), (a, b) => a.merge(b))`.
     *
     * @throws GloamError `GLOAM_ELEMENT_INVALID` for an element that is no number
     *
     * @example
     * const { count, mean, max } = await gc.parallelize([1, 2, 6]).stats();
     * [count, mean, max]; // [3, 3, 6]
     */
    stats(this: Rdd<number>, options?: ActionOptions): Promise<Stats>;
  }
}

Rdd.prototype.sum = async function (this: Rdd<number>, options?: ActionOptions): Promise<number> {
  const operation = new Operation(this.context, "sum");
  const sums = (await this.context.jobs.results(operation, this.node, sumSink(), options)) as number[];
  return sums.reduce((sum, part) => sum + part, 0);
};

Rdd.prototype.mean = async function (this: Rdd<number>, options?: ActionOptions): Promise<number> {
  return (await statsOf(new Operation(this.context, "mean"), this, options)).mean;
};

Rdd.prototype.variance = async function (this: Rdd<number>, options?: ActionOptions): Promise<number> {
  return (await statsOf(new Operation(this.context, "variance"), this, options)).variance;
};

Rdd.prototype.stdev = async function (this: Rdd<number>, options?: ActionOptions): Promise<number> {
  return (await statsOf(new Operation(this.context, "stdev"), this, options)).stdev;
};

Rdd.prototype.sampleVariance = async function (this: Rdd<number>, options?: ActionOptions): Promise<number> {
  return (await statsOf(new Operation(this.context, "sampleVariance"), this, options)).sampleVariance;
};

Rdd.prototype.sampleStdev = async function (this: Rdd<number>, options?: ActionOptions): Promise<number> {
  return (await statsOf(new Operation(this.context, "sampleStdev"), this, options)).sampleStdev;
};

Rdd.prototype.stats = async function (this: Rdd<number>, options?: ActionOptions): Promise<Stats> {
  return statsOf(new Operation(this.context, "stats"), this, options);
};

/** The statistics of numbers, in the order of the partitions. */
export async function statsOf(operation: Operation, rdd: Rdd<number>, options?: ActionOptions): Promise<Stats> {
  const parts = (await rdd.context.jobs.results(operation, rdd.node, statsSink(), options)) as Moments[];
  return parts.reduce((stats, part) => stats.merge(new Stats(part)), Stats.empty);
}
