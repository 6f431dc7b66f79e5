import { combineByKeyNode } from "@gloam/plan";
import { capturedOrdering, type Ordering } from "../actions/ordering.ts";
import { checkInteger } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";
import { partitionerFor, type Partitioning } from "./partitioning.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The last `n` values of each key in an order, the very last first; by default the order of keys: the `n` largest numbers.
     * Equal ones come in their order, where `n` leaves room for the first of them only. As Spark's; DPark's begins with the smallest,
     * which `{ compare: (a, b) => b - a }` does here. Shuffles `n` values for each key and partition at most.
     *
     * @param n At least 1.
     * @param by What values are ordered by, or `{ compare }` as `Array.prototype.sort` takes it.
     *
     * @example
     * const pairs = gc.parallelize([["a", 1], ["a", 3], ["a", 2], ["b", 5]]);
     * await pairs.topByKey(2).sortByKey().collect(); // [["a", [3, 2]], ["b", [5]]]
     * await pairs.topByKey(1, (n) => -n).sortByKey().collect(); // [["a", [1]], ["b", [5]]]
     */
    topByKey<K, V>(
      this: Rdd<readonly [K, V]>,
      n: number,
      by?: Ordering<V>,
      partitions?: Partitioning<K>,
    ): Rdd<[K, V[]]>;
  }
}

Rdd.prototype.topByKey = function <K, V>(
  this: Rdd<readonly [K, V]>,
  n: number,
  by?: Ordering<V>,
  partitions?: Partitioning<K>,
): Rdd<[K, V[]]> {
  const operation = new Operation(this.context, "topByKey");
  checkInteger(operation, "n", n, 1);
  const top = { limit: n, by: capturedOrdering(operation, by) };
  const partitioner = partitionerFor(operation, [this.node], partitions);
  return operation.rdd(combineByKeyNode(operation, this.node, { top, mapSide: true }, partitioner));
};
