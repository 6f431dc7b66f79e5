import { aggregateSink, createAggregator } from "@gloam/plan";
import { checkNumber, type Call } from "../arguments.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { aggregatedByKey } from "../pairs/aggregating.ts";
import type { Partitioning } from "../pairs/partitioning.ts";
import { Rdd } from "../rdd.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * About how many distinct elements there are, by the equality of keys: an integer with a relative standard deviation of
     * `relativeSD` (0.05 when left out), so that two of three results are off by less, and one of twenty by more than twice
     * that. A few elements are counted all but exactly. One pass, no shuffle, in (1.04 / relativeSD)² to twice as many bytes for each
     * partition; the same elements give the same number, however they lie in partitions. HyperLogLog over 64-bit hashes.
     *
     * @param relativeSD From 0.001 to 0.5.
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED` for elements without equality by value
     *
     * @example
     * await gc.range(1000).map((x) => x % 7).countApproxDistinct(); // 7
     */
    countApproxDistinct(relativeSD?: number, options?: ActionOptions): Promise<number>;

    /**
     * About how many distinct values each key has: see `countApproxDistinct`. Shuffles a sketch for each key and partition, of a few
     * bytes for each distinct value and (1.04 / relativeSD)² to twice as many at most.
     *
     * @param relativeSD From 0.001 to 0.5; 0.05 when left out.
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED` from the action
     *
     * @example
     * const visits = gc.parallelize([["a", "x"], ["a", "y"], ["a", "x"]]);
     * await visits.countApproxDistinctByKey().collect(); // [["a", 2]]
     */
    countApproxDistinctByKey<K, V>(
      this: Rdd<readonly [K, V]>,
      relativeSD?: number,
      partitions?: Partitioning<K>,
    ): Rdd<[K, number]>;

    /**
     * `countApproxDistinctByKey` with a relative standard deviation of 0.004: up to 64 KiB for each key. (DPark's.)
     *
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED` from the action
     *
     * @example
     * await gc.parallelize([["a", 1], ["a", 2]]).adcountByKey().collect(); // [["a", 2]]
     */
    adcountByKey<K, V>(this: Rdd<readonly [K, V]>, partitions?: Partitioning<K>): Rdd<[K, number]>;
  }
}

Rdd.prototype.countApproxDistinct = async function (
  this: Rdd<unknown>,
  relativeSD: number = 0.05,
  options?: ActionOptions,
): Promise<number> {
  const operation = new Operation(this.context, "countApproxDistinct");
  const description = { kind: "distinctCount", precision: precisionFor(operation, relativeSD) } as const;
  const sketches = await this.context.jobs.results(operation, this.node, aggregateSink(description), options);
  const aggregator = createAggregator(description);
  return aggregator.finish(aggregator.merge([aggregator.start(), ...sketches])) as number;
};

Rdd.prototype.countApproxDistinctByKey = function <K>(
  this: Rdd<readonly [K, unknown]>,
  relativeSD: number = 0.05,
  partitions?: Partitioning<K>,
): Rdd<[K, number]> {
  const operation = new Operation(this.context, "countApproxDistinctByKey");
  const precision = precisionFor(operation, relativeSD);
  return aggregatedByKey(operation, this, { kind: "distinctCount", precision }, partitions);
};

Rdd.prototype.adcountByKey = function <K>(
  this: Rdd<readonly [K, unknown]>,
  partitions?: Partitioning<K>,
): Rdd<[K, number]> {
  const operation = new Operation(this.context, "adcountByKey");
  return aggregatedByKey(operation, this, { kind: "distinctCount", precision: 16 }, partitions);
};

/** The least precision of a HyperLogLog whose standard error, 1.04 / 2^(precision / 2), is no larger. */
function precisionFor(call: Call, relativeSD: number): number {
  checkNumber(call, "relativeSD", relativeSD, 0.001, 0.5);
  return Math.max(4, Math.ceil(2 * Math.log2(1.04 / relativeSD)));
}
