import { hashKey, mapPartitionsNode, collectedRows, collectSink } from "@gloam/plan";
import { checkInteger, checkNumber } from "../arguments.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";

/** Options of `fixSkew`. */
export interface FixSkewOptions extends ActionOptions {
  /** Number of partitions; as many as the RDD has when left out, or `default.parallelism` where that is set. */
  readonly partitions?: number | undefined;
  /** Share of the pairs that are looked at: more than 0, up to 1. Default 0.1. */
  readonly sample?: number | undefined;
}

/** A partitioning that `fixSkew` found: for every operation by key. */
export interface EvenPartitioning<K> {
  readonly partitions: number;
  readonly partition: (key: K) => number;
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * A partitioning in which partitions get about equal numbers of these pairs, for operations by key that would otherwise give
     * some partitions many more than others: `pairs.reduceByKey(add, await pairs.fixSkew({ partitions: 8 }))`. Runs a job, which looks at a sample of
     * the pairs. Two operations given the same one put equal keys into partitions of the same number, so joining their results
     * needs no shuffle.
     *
     * Equal keys stay together: a single key that has more than its share makes a large partition still. For joins see
     * `shuffle.skew.factor`.
     *
     * @example
     * const pairs = gc.range(1000).map((i) => [i % 50, i]);
     * const even = await pairs.fixSkew({ partitions: 4 });
     * await pairs.reduceByKey((a, b) => a + b, even).count(); // 50
     */
    fixSkew<K, V>(this: Rdd<readonly [K, V]>, options?: FixSkewOptions): Promise<EvenPartitioning<K>>;
  }
}

/** Keys are told apart by so many of the first bits of their hashes. */
const bits = 12;
const buckets = 2 ** bits;

Rdd.prototype.fixSkew = async function <K>(
  this: Rdd<readonly [K, unknown]>,
  { partitions, sample = 0.1, ...options }: FixSkewOptions = {},
): Promise<EvenPartitioning<K>> {
  const operation = new Operation(this.context, "fixSkew");
  if (partitions !== undefined) checkInteger(operation, "partitions", partitions, 1);
  checkNumber(operation, "sample", sample, Number.MIN_VALUE, 1);
  const { jobs, configuredParallelism } = this.context;
  const { node } = this;
  return jobs.holding(node, async () => {
    const counting = operation.capture(countHashes(Math.max(1, Math.round(1 / sample)), bits));
    const counted = mapPartitionsNode(operation, node, counting, { indexed: false, preservesPartitioning: false });
    const results = await jobs.results(operation, counted, collectSink(), options);
    const counts = new Float64Array(buckets);
    for (const found of results.flatMap((result) => collectedRows(result) as Uint32Array[])) {
      found.forEach((count, bucket) => (counts[bucket]! += count));
    }
    const most =
      partitions ?? configuredParallelism ?? Math.max(1, await jobs.partitionCount(operation, node, options));
    return { partitions: most, partition: byTable(evenTable(counts, most), bits) };
  });
};

/** Counts every so many pairs of a partition by the first bits of their keys' hashes. */
function countHashes(every: number, first: number): (pairs: Iterable<readonly [unknown, unknown]>) => Uint32Array[] {
  return (pairs) => {
    const counts = new Uint32Array(2 ** first);
    let left = 1;
    for (const [key] of pairs) {
      if (--left > 0) continue;
      left = every;
      counts[hashKey(key) >>> (32 - first)]!++;
    }
    return [counts];
  };
}

function byTable(table: Uint32Array, first: number): (key: unknown) => number {
  return (key) => table[hashKey(key) >>> (32 - first)]!;
}

/** The partition of each bucket, so that each partition has about the same count. */
export function evenTable(counts: Float64Array, partitions: number): Uint32Array {
  const total = counts.reduce((a, b) => a + b, 0);
  // Where nothing was seen, buckets count alike.
  const weight = total === 0 ? () => 1 : (bucket: number) => counts[bucket]!;
  const share = (total === 0 ? counts.length : total) / partitions;
  let before = 0;
  return Uint32Array.from(counts, (_, bucket) => {
    // By the middle of the bucket: a large one goes where most of it belongs.
    const middle = before + weight(bucket) / 2;
    before += weight(bucket);
    return Math.min(partitions - 1, Math.floor(middle / share));
  });
}
