import { groupByKeyNode, keyByNode } from "@gloam/plan";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";
import type { Element } from "../types.ts";
import { partitionerFor, type Partitioning } from "./partitioning.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * All values of each key as an array, in their order. Shuffles every pair: where values are added up afterwards,
     * `reduceByKey` or `aggregateByKey` move far less. The values of one key must fit into memory.
     *
     * @example
     * await gc.parallelize([["a", 1], ["a", 2]]).groupByKey().collect(); // [["a", [1, 2]]]
     */
    groupByKey<K, V>(this: Rdd<readonly [K, V]>, partitions?: Partitioning<K>): Rdd<[K, V[]]>;

    /**
     * The elements by `f(element)`, each group in its order. Shuffles every element.
     *
     * @example
     * const groups = await gc.range(4).groupBy((x) => x % 2).collect();
     * groups.sort(([a], [b]) => a - b); // [[0, [0, 2]], [1, [1, 3]]]
     */
    groupBy<K extends Element>(f: (element: T) => K, partitions?: Partitioning<K>): Rdd<[K, T[]]>;
  }
}

Rdd.prototype.groupByKey = function <K, V>(this: Rdd<readonly [K, V]>, partitions?: Partitioning<K>): Rdd<[K, V[]]> {
  const operation = new Operation(this.context, "groupByKey");
  return operation.rdd(groupByKeyNode(operation, this.node, partitionerFor(operation, [this.node], partitions)));
};

Rdd.prototype.groupBy = function <T, K>(
  this: Rdd<T>,
  f: (element: never) => K,
  partitions?: Partitioning<never>,
): Rdd<[K, T[]]> {
  const operation = new Operation(this.context, "groupBy");
  const pairs = keyByNode(operation, this.node, operation.capture(f));
  return operation.rdd(groupByKeyNode(operation, pairs, partitionerFor(operation, [pairs], partitions)));
};
