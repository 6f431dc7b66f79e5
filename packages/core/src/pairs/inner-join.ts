import { joinWithAllNode } from "@gloam/plan";
import { Operation } from "../operation.ts";
import { otherNode } from "../other-node.ts";
import { Rdd } from "../rdd.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * What `join` gives, for another RDD that is small, as DPark's: pairs of this RDD stay in their partitions and their order, and are
     * not shuffled; keys stay where they are. The other RDD is put together once, and every task reads all of it into memory that
     * is accounted for, then scratch files: wrong guesses cost time only. Where tasks are many, `join` soon moves less.
     *
     * @example
     * const orders = gc.parallelize([["fig", 2], ["pear", 1], ["fig", 5]]);
     * const prices = gc.parallelize([["fig", 0.5]]);
     * await orders.innerJoin(prices).collect(); // [["fig", [2, 0.5]], ["fig", [5, 0.5]]]
     */
    innerJoin<K, V, W>(this: Rdd<readonly [K, V]>, small: Rdd<readonly [K, W]>): Rdd<[K, [V, W]]>;
  }
}

Rdd.prototype.innerJoin = function <R>(this: Rdd<unknown>, small: Rdd<unknown>): Rdd<R> {
  const operation = new Operation(this.context, "innerJoin");
  return operation.rdd(joinWithAllNode(operation, this.node, otherNode(operation, small)));
};
