import { pureFunction } from "@gloam/closure";
import {
  cartesianNode,
  combineInputsNode,
  defaultPartitioner,
  filterNode,
  keysNode,
  pairWithNode,
  repeatKeysNode,
} from "@gloam/plan";
import { Operation } from "../operation.ts";
import { otherNode } from "../other-node.ts";
import { partitionerFor, type Partitioning } from "../pairs/partitioning.ts";
import { Rdd } from "../rdd.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The elements that both RDDs have, each once, by the equality of keys: arrays and plain objects are equal by value. In no
     * order. Shuffles the distinct elements of each partition of both.
     *
     * @param partitions Number of partitions or where elements go; as many as the larger RDD has when left out.
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED` from the action, for elements without equality by value
     *
     * @example
     * const common = gc.parallelize([1, 2, 2, 3]).intersection(gc.parallelize([2, 3, 4]));
     * (await common.collect()).sort(); // [2, 3]
     */
    intersection<U>(other: Rdd<U>, partitions?: Partitioning<T>): Rdd<T & U>;

    /**
     * The elements that the other RDD has not, by the equality of keys; doubles stay, as many as there were. In no order. Shuffles
     * the distinct elements of each partition of both, with how often they come; equal elements become copies of the first.
     *
     * @param partitions Number of partitions or where elements go; as many as this RDD has when left out.
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED` from the action, for elements without equality by value
     *
     * @example
     * const rest = gc.parallelize([1, 1, 2, 3]).subtract(gc.parallelize([2, 3, 4]));
     * await rest.collect(); // [1, 1]
     */
    subtract(other: Rdd<unknown>, partitions?: Partitioning<T>): Rdd<T>;

    /**
     * `[element, other element]` for every element of this RDD and every one of the other, in a partition for each two partitions of
     * both. No shuffle, but expensive: with n and m partitions and elements in them, n * m tasks give as many pairs as the product
     * of both numbers of elements, and compute each partition of this RDD m times, each of the other n times: cache both
     * where that is more than reading, and `coalesce` first where there are many. A task streams its partition of this RDD, and
     * keeps that of the other encoded, in memory as far as there is room and then on disk.
     *
     * @example
     * const pairs = gc.parallelize([1, 2], 1).cartesian(gc.parallelize(["a", "b"], 1));
     * await pairs.collect(); // [[1, "a"], [1, "b"], [2, "a"], [2, "b"]]
     */
    cartesian<U>(other: Rdd<U>): Rdd<[T, U]>;
  }
}

Rdd.prototype.intersection = function <R>(
  this: Rdd<unknown>,
  other: Rdd<unknown>,
  partitions?: Partitioning<never>,
): Rdd<R> {
  const operation = new Operation(this.context, "intersection");
  const sides = [pairWithNode(operation, this.node, 1), pairWithNode(operation, otherNode(operation, other), 2)];
  const partitioner = partitionerFor(operation, sides, partitions);
  const either = pureFunction((a: number, b: number) => a | b);
  const found = combineInputsNode(operation, sides, either, partitioner);
  const isOnBoth = pureFunction((pair: readonly [unknown, number]) => pair[1] === 3);
  return operation.rdd(keysNode(operation, filterNode(operation, found, isOnBoth)));
};

Rdd.prototype.subtract = function <T>(this: Rdd<T>, other: Rdd<unknown>, partitions?: Partitioning<never>): Rdd<T> {
  const operation = new Operation(this.context, "subtract");
  const kept = pairWithNode(operation, this.node, 1);
  // However often an element comes on this side, the sum stays below 0.
  const taken = pairWithNode(operation, otherNode(operation, other), -Infinity);
  const partitioner =
    partitions === undefined ? defaultPartitioner([kept], undefined) : partitionerFor(operation, [kept], partitions);
  const sum = pureFunction((a: number, b: number) => a + b);
  return operation.rdd(repeatKeysNode(operation, combineInputsNode(operation, [kept, taken], sum, partitioner)));
};

Rdd.prototype.cartesian = function <T, U>(this: Rdd<T>, other: Rdd<U>): Rdd<[T, U]> {
  const operation = new Operation(this.context, "cartesian");
  return operation.rdd(cartesianNode(operation, this.node, otherNode(operation, other)));
};
