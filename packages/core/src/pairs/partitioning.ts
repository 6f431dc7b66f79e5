import { customPartitioner, defaultPartitioner, fixedCount, hashPartitioner, partitionByNode } from "@gloam/plan";
import type { Partitioner, PlanNode } from "@gloam/plan";
import { checkInteger } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";

/**
 * Where keys go: a number of partitions for their hash, or the user's own function. Two operations given the same function
 * and number put equal keys into partitions of the same number, and joining their results needs no shuffle.
 */
export type Partitioning<K> =
  | number
  | {
      readonly partitions: number;
      /** Gives an integer from 0 to below `partitions`. */
      readonly partition: (key: K) => number;
    };

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The same pairs, each where the partitioning puts its key. Shuffles, unless they lie so already. Cache the result
     * where several operations by key follow: they then need no shuffle of it.
     *
     * @example
     * const byParity = { partitions: 2, partition: (key: number) => key % 2 };
     * await gc.range(4).keyBy((x) => x).partitionBy(byParity).values().glom().collect(); // [[0, 2], [1, 3]]
     */
    partitionBy<K, V>(this: Rdd<readonly [K, V]>, partitioning: Partitioning<K>): Rdd<[K, V]>;
  }
}

Rdd.prototype.partitionBy = function <K, V>(this: Rdd<readonly [K, V]>, partitioning: Partitioning<K>): Rdd<[K, V]> {
  const operation = new Operation(this.context, "partitionBy");
  const partitioner = partitionerFor(operation, [this.node], partitioning);
  return operation.rdd(partitionByNode(operation, this.node, partitioner));
};

/** The partitioner of an operation by key over its parents: what the caller asked for, else Spark's default. */
export function partitionerFor(
  operation: Operation,
  parents: readonly PlanNode[],
  partitioning: Partitioning<never> | undefined,
): Partitioner {
  if (partitioning === undefined) return defaultPartitioner(parents, operation.context.configuredParallelism);
  if (typeof partitioning === "number") {
    checkInteger(operation, "partitions", partitioning, 1);
    return hashPartitioner(fixedCount(partitioning));
  }
  const { partitions, partition } = partitioning;
  checkInteger(operation, "partitions", partitions, 1);
  return customPartitioner(partition, operation.capture(partition), partitions);
}
