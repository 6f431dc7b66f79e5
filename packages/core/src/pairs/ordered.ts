import { compareKeys, keyRangeNode, sortedRangeNode, sortWithinPartitionsNode, type PlanNode } from "@gloam/plan";
import { checkOptions } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { raiseFor } from "../raise-for.ts";
import { Rdd } from "../rdd.ts";
import type { SortOptions } from "../transformations/sorting.ts";
import { partitionerFor, type Partitioning } from "./partitioning.ts";

/** Options of `repartitionAndSortWithinPartitions`. */
export type SortWithinPartitionsOptions<K> = Omit<SortOptions<K>, "partitions">;

/** Options of `filterByRange`. */
export type FilterByRangeOptions<K> = Pick<SortOptions<K>, "compare">;

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The pairs where the partitioning puts their keys, and in the order of keys within each partition, equal ones in their order:
     * what sorts a partition in one go, where `partitionBy` and sorting in `mapPartitions` would hold it in memory. Shuffles what
     * does not lie by the partitioning already; partitions that do not fit into memory are sorted through scratch files.
     *
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED` from the action, for keys that have no order
     *
     * @example
     * const pairs = gc.parallelize([[4, "d"], [1, "a"], [2, "b"], [3, "c"]]);
     * const byParity = { partitions: 2, partition: (key: number) => key % 2 };
     * await pairs.repartitionAndSortWithinPartitions(byParity).keys().glom().collect(); // [[2, 4], [1, 3]]
     */
    repartitionAndSortWithinPartitions<K, V>(
      this: Rdd<readonly [K, V]>,
      partitioning: Partitioning<K>,
      options?: SortWithinPartitionsOptions<K>,
    ): Rdd<[K, V]>;

    /**
     * The pairs with keys from `lower` to `upper`, both included, in the order of keys or that of `compare`. No shuffle; keys stay
     * where they are. Directly behind `sortByKey` with the order of keys, and unless that is cached, tasks read only what can have such
     * keys; otherwise all pairs are looked at.
     *
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED` for bounds that have no order, from the action for keys
     *
     * @example
     * const sorted = gc.range(100).map((x) => [x, x * x]).sortByKey();
     * await sorted.filterByRange(3, 5).values().collect(); // [9, 16, 25]
     */
    filterByRange<K, V>(
      this: Rdd<readonly [K, V]>,
      lower: NoInfer<K>,
      upper: NoInfer<K>,
      options?: FilterByRangeOptions<K>,
    ): Rdd<[K, V]>;
  }
}

Rdd.prototype.repartitionAndSortWithinPartitions = function <K, V>(
  this: Rdd<readonly [K, V]>,
  partitioning: Partitioning<K>,
  options: SortWithinPartitionsOptions<K> = {},
): Rdd<[K, V]> {
  const operation = new Operation(this.context, "repartitionAndSortWithinPartitions");
  checkOptions(operation, options, "{ ascending: false }");
  const { ascending = true, compare } = options;
  const partitioner = partitionerFor(operation, [this.node], partitioning);
  const sorting = { ascending, compare: compare && operation.capture(compare) };
  return operation.rdd(sortWithinPartitionsNode(operation, this.node, sorting, partitioner));
};

Rdd.prototype.filterByRange = function <K, V>(
  this: Rdd<readonly [K, V]>,
  lower: K,
  upper: K,
  { compare }: FilterByRangeOptions<K> = {},
): Rdd<[K, V]> {
  const operation = new Operation(this.context, "filterByRange");
  const captured = compare && operation.capture(compare);
  return raiseFor(operation, () => {
    if (compare === undefined) compareKeys(lower, upper);
    const near = (compare === undefined && rangeOfSorted(operation, this.node, lower, upper)) || this.node;
    return operation.rdd(keyRangeNode(operation, near, lower, upper, captured));
  });
};

/** A node in place of one that `sortByKey` made, which reads little beyond a range of keys; undefined for others and cached ones. */
export function rangeOfSorted(
  operation: Operation,
  node: PlanNode,
  lower: unknown,
  upper: unknown,
): PlanNode | undefined {
  return operation.context.persisted.has(node.id) ? undefined : sortedRangeNode(operation, node, lower, upper);
}
