import { combineByKeyNode, finishAggregatesNode, type AggregatorDescription } from "@gloam/plan";
import type { Operation } from "../operation.ts";
import type { Rdd } from "../rdd.ts";
import { partitionerFor, type Partitioning } from "./partitioning.ts";

/** An aggregation of the values of each key, by one that Gloam brings. */
export function aggregatedByKey<K, R>(
  operation: Operation,
  rdd: Rdd<readonly [K, unknown]>,
  aggregator: AggregatorDescription,
  partitions: Partitioning<K> | undefined,
): Rdd<[K, R]> {
  const partitioner = partitionerFor(operation, [rdd.node], partitions);
  const sketches = combineByKeyNode(operation, rdd.node, { aggregator, mapSide: true }, partitioner);
  return operation.rdd(finishAggregatesNode(operation, sketches, aggregator));
}
