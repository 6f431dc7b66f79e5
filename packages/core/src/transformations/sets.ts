import { combineByKeyNode, combineWithinNode, keysNode, pairWithNode, sampleNode, unionNode } from "@gloam/plan";
import { checkNumber } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { partitionerFor } from "../pairs/partitioning.ts";
import { otherNode } from "../other-node.ts";
import { Rdd } from "../rdd.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The elements of this RDD, then those of `other`; doubles stay. No shuffle. Where both lie by the same partitioner,
     * partitions are laid over each other and keys stay where they are.
     *
     * @example
     * await gc.range(2).union(gc.range(1, 3)).collect(); // [0, 1, 1, 2]
     */
    union<U>(other: Rdd<U>): Rdd<T | U>;

    /**
     * Each element once, by the equality of keys: 1 and "1" differ, arrays and plain objects are equal by value. Shuffles
     * the distinct elements of each partition; pairs that lie by their keys, as behind `reduceByKey` or `partitionBy`, stay
     * where they are unless a number of partitions is given.
     *
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED` from the action, for elements without equality by value
     *
     * @example
     * (await gc.parallelize([3, 1, 3, 2, 1]).distinct().collect()).sort(); // [1, 2, 3]
     */
    distinct(partitions?: number): Rdd<T>;

    /**
     * Same as `distinct`: DPark's name for it.
     *
     * @example
     * (await gc.parallelize([3, 1, 3]).uniq().collect()).sort(); // [1, 3]
     */
    uniq(partitions?: number): Rdd<T>;

    /**
     * A random part of the elements. No shuffle. The same seed gives the same sample of the same partitions.
     *
     * @param withReplacement Whether an element may be taken several times.
     * @param fraction Without replacement the probability of each element, from 0 to 1; with it how often each is taken on
     * average.
     * @param seed Any number; a random one when left out.
     *
     * @example
     * await gc.range(1000).sample(false, 0, 42).count(); // 0
     */
    sample(withReplacement: boolean, fraction: number, seed?: number): Rdd<T>;
  }
}

Rdd.prototype.union = function <T, U>(this: Rdd<T>, other: Rdd<U>): Rdd<T | U> {
  const operation = new Operation(this.context, "union");
  return operation.rdd(unionNode(operation, [this.node, otherNode(operation, other)]));
};

Rdd.prototype.distinct = function <T>(this: Rdd<T>, partitions?: number): Rdd<T> {
  return distinct(new Operation(this.context, "distinct"), this, partitions);
};

Rdd.prototype.uniq = function <T>(this: Rdd<T>, partitions?: number): Rdd<T> {
  return distinct(new Operation(this.context, "uniq"), this, partitions);
};

Rdd.prototype.sample = function <T>(
  this: Rdd<T>,
  replacement: boolean,
  fraction: number,
  seed: number = this.context.random.nextInt(2 ** 32),
): Rdd<T> {
  const operation = new Operation(this.context, "sample");
  checkNumber(operation, "fraction", fraction, 0, replacement ? Infinity : 1);
  checkNumber(operation, "seed", seed);
  return operation.rdd(sampleNode(operation, this.node, { replacement, fraction, seed }));
};

function distinct<T>(operation: Operation, { node }: Rdd<T>, partitions: number | undefined): Rdd<T> {
  const pairs = pairWithNode(operation, node, null);
  const { partitioner: present } = node;
  // Pairs that are equal have equal keys, and lie in one partition already.
  if (partitions === undefined && present !== undefined)
    return operation.rdd(keysNode(operation, combineWithinNode(operation, pairs), present));
  const partitioner = partitionerFor(operation, [pairs], partitions);
  const unique = combineByKeyNode(operation, pairs, { mapSide: true }, partitioner);
  return operation.rdd(keysNode(operation, unique));
}
