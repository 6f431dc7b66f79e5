import { pureFunction } from "@gloam/closure";
import {
  combineInputsNode,
  defaultPartitioner,
  filterNode,
  hashPartitioner,
  mapValuesNode,
  partitionerCount,
  partitionersEqual,
  subtractByKeyNode,
} from "@gloam/plan";
import { Operation } from "../operation.ts";
import { otherNode } from "../other-node.ts";
import { Rdd } from "../rdd.ts";
import { partitionerFor, type Partitioning } from "./partitioning.ts";

/** Options of `update`. */
export interface UpdateOptions<K> {
  /** Leave out the keys that only the other RDD has; false when left out. */
  readonly replaceOnly?: boolean | undefined;
  /** Number of partitions or where keys go; see `Partitioning`. */
  readonly partitions?: Partitioning<K> | undefined;
}

/** A value, and which RDDs have its key: 1 this one, 2 the other, 3 both. */
type Tagged = readonly [value: unknown, sides: number];

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The pairs whose keys the other RDD has not, with doubles and in their order within a partition. Shuffles what does not lie by
     * the partitioning already; of the other RDD its keys alone, each once for each of its partitions, and never its values.
     *
     * @param partitions Number of partitions or where keys go; those of this RDD when left out.
     *
     * @example
     * const ages = gc.parallelize([["ann", 30], ["bob", 40], ["bob", 41]]);
     * await ages.subtractByKey(gc.parallelize([["ann", "Rome"]])).collect(); // [["bob", 40], ["bob", 41]]
     */
    subtractByKey<K, V>(
      this: Rdd<readonly [K, V]>,
      other: Rdd<readonly [K, unknown]>,
      partitions?: Partitioning<K>,
    ): Rdd<[K, V]>;

    /**
     * One pair for each key: the other RDD's value where it has one, else this RDD's, as DPark's. Of several values of a key in the
     * same RDD the first one counts. Shuffles one pair for each key and partition of both; nothing where both lie by the same
     * partitioning.
     *
     * @param options `replaceOnly` leaves out the keys that only the other RDD has.
     *
     * @example
     * const stock = gc.parallelize([["pear", 1], ["fig", 2]]);
     * const news = gc.parallelize([["fig", 3], ["kiwi", 4]]);
     * await stock.update(news).sortByKey().collect(); // [["fig", 3], ["kiwi", 4], ["pear", 1]]
     * await stock.update(news, { replaceOnly: true }).sortByKey().collect(); // [["fig", 3], ["pear", 1]]
     */
    update<K, V, W>(
      this: Rdd<readonly [K, V]>,
      other: Rdd<readonly [K, W]>,
      options?: UpdateOptions<K>,
    ): Rdd<[K, V | W]>;
  }
}

Rdd.prototype.subtractByKey = function <K, V>(
  this: Rdd<readonly [K, V]>,
  other: Rdd<readonly [K, unknown]>,
  partitions?: Partitioning<K>,
): Rdd<[K, V]> {
  const operation = new Operation(this.context, "subtractByKey");
  const right = otherNode(operation, other);
  const wanted =
    partitions === undefined
      ? defaultPartitioner([this.node], undefined)
      : partitionerFor(operation, [this.node], partitions);
  // Another shuffle cannot lay keys in the ranges of a sort.
  const isShared = wanted.kind !== "range" || partitionersEqual(right.partitioner, wanted);
  const partitioner = isShared ? wanted : hashPartitioner(partitionerCount(wanted));
  return operation.rdd(subtractByKeyNode(operation, this.node, right, partitioner));
};

Rdd.prototype.update = function <K, V, W>(
  this: Rdd<readonly [K, V]>,
  other: Rdd<readonly [K, W]>,
  { replaceOnly = false, partitions }: UpdateOptions<K> = {},
): Rdd<[K, V | W]> {
  const operation = new Operation(this.context, "update");
  const old = mapValuesNode(
    operation,
    this.node,
    pureFunction((value: unknown): Tagged => [value, 1]),
  );
  const fresh = mapValuesNode(operation, otherNode(operation, other), pureFunction((value: unknown): Tagged => [value, 2])); // prettier-ignore
  const partitioner = partitionerFor(operation, [old, fresh], partitions);
  const newest = pureFunction((a: Tagged, b: Tagged): Tagged =>
    b[1] > a[1] ? [b[0], a[1] | b[1]] : [a[0], a[1] | b[1]],
  );
  const merged = combineInputsNode(operation, [old, fresh], newest, partitioner);
  const isKept = pureFunction((pair: readonly [unknown, Tagged]) => pair[1][1] !== 2);
  const kept = replaceOnly ? filterNode(operation, merged, isKept) : merged;
  return operation.rdd(
    mapValuesNode(
      operation,
      kept,
      pureFunction((tagged: Tagged) => tagged[0]),
    ),
  );
};
