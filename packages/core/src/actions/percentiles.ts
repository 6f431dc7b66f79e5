import { aggregateSink, createAggregator, sampleNode, type AggregatorDescription } from "@gloam/plan";
import { checkNumber, invalid } from "../arguments.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { aggregatedByKey } from "../pairs/aggregating.ts";
import type { Partitioning } from "../pairs/partitioning.ts";
import { Rdd } from "../rdd.ts";

/** How exactly percentiles are found. */
export interface DigestOptions {
  /**
   * How many means a digest keeps at most, about; from 20 to 100,000, 400 when left out. Of up to twice as many numbers all
   * are kept, and of more those that are frequent: there answers are exact. Else the rank of an answer at percentile p is off by 4π √(p(100 - p)) /
   * compression percent at most, and mostly by a twentieth of that: with 400 by 1.6 at 50, by 0.3 at 99, by 0.1 at 99.9. Takes up
   * to 40 bytes for each.
   */
  readonly compression?: number | undefined;
  /** The share of the numbers that is looked at, chosen at random; all when left out. */
  readonly sampleRate?: number | undefined;
  /** Seed of that choice, any number; a random one when left out. */
  readonly seed?: number | undefined;
}

/** Options of `percentiles`. */
export interface PercentilesOptions extends ActionOptions, DigestOptions {}

/** Options of `percentilesByKey`. */
export interface PercentilesByKeyOptions<K> extends DigestOptions {
  /** Number of partitions or where keys go; see `Partitioning`. */
  readonly partitions?: Partitioning<K> | undefined;
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The numbers at some percentiles, about: 50 is the median, 0 the least and 100 the greatest number (both exactly). Between two
     * numbers in proportion, as numpy and spreadsheets have it. NaN for each when there are no numbers. One pass, no shuffle; a
     * t-digest of each partition comes here. The same partitions, in any order, give the same. (DPark's.)
     *
     * @param percents From 0 to 100, in any order.
     * @throws GloamError `GLOAM_ELEMENT_INVALID` for an element that is no number, or NaN
     *
     * @example
     * await gc.range(101).percentiles([50, 90]); // [50, 90]
     */
    percentiles(this: Rdd<number>, percents: readonly number[], options?: PercentilesOptions): Promise<number[]>;

    /**
     * The numbers at some percentiles of each key's values, about: see `percentiles`. Shuffles a digest for each key and
     * partition: 8 bytes for each value, and 40 for each unit of the compression at most. (DPark's.)
     *
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED`, `GLOAM_ELEMENT_INVALID` from the action
     *
     * @example
     * const times = gc.parallelize([["a", 1], ["a", 5], ["a", 3]]);
     * await times.percentilesByKey([50, 100]).collect(); // [["a", [3, 5]]]
     */
    percentilesByKey<K>(
      this: Rdd<readonly [K, number]>,
      percents: readonly number[],
      options?: PercentilesByKeyOptions<K>,
    ): Rdd<[K, number[]]>;
  }
}

Rdd.prototype.percentiles = async function (
  this: Rdd<number>,
  percents: readonly number[],
  { compression, sampleRate, seed, ...options }: PercentilesOptions = {},
): Promise<number[]> {
  const operation = new Operation(this.context, "percentiles");
  const description = describe(operation, percents, compression);
  const looked = sampled(operation, this, sampleRate, seed);
  const digests = await this.context.jobs.results(operation, looked.node, aggregateSink(description), options);
  const aggregator = createAggregator(description);
  return aggregator.finish(aggregator.merge([aggregator.start(), ...digests])) as number[];
};

Rdd.prototype.percentilesByKey = function <K>(
  this: Rdd<readonly [K, number]>,
  percents: readonly number[],
  { compression, sampleRate, seed, partitions }: PercentilesByKeyOptions<K> = {},
): Rdd<[K, number[]]> {
  const operation = new Operation(this.context, "percentilesByKey");
  const description = describe(operation, percents, compression);
  return aggregatedByKey(operation, sampled(operation, this, sampleRate, seed), description, partitions);
};

function describe(operation: Operation, percents: readonly number[], compression = 400): AggregatorDescription {
  const given: unknown = percents;
  if (!Array.isArray(given)) throw invalid(operation, "expected an array of percentiles");
  for (const percent of percents) checkNumber(operation, "a percentile", percent, 0, 100);
  checkNumber(operation, "compression", compression, 20, 100_000);
  return { kind: "percentiles", percents: [...percents], compression };
}

function sampled<T>(operation: Operation, rdd: Rdd<T>, fraction: number | undefined, seed: number | undefined): Rdd<T> {
  if (seed !== undefined) checkNumber(operation, "seed", seed);
  if (fraction === undefined) return rdd;
  checkNumber(operation, "sampleRate", fraction, 0, 1);
  const chosen = seed ?? operation.context.random.nextInt(2 ** 32);
  return operation.rdd(sampleNode(operation, rdd.node, { replacement: false, fraction, seed: chosen }));
}
