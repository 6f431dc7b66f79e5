import { mapPairsNode, zipNode, zipPartitionsNode, zipWithUniqueIdNode } from "@gloam/plan";
import { invalid } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { otherNode } from "../other-node.ts";
import { Rdd } from "../rdd.ts";
import type { Element } from "../types.ts";
import type { MapPartitionsOptions } from "./partitions.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * Pairs of the elements at the same places of both RDDs: the first of a partition with the first of the other's partition, and so
     * on. Both must have as many partitions, and as many elements in each: as where one was made of the other by `map`. No
     * shuffle; reads both sides as it goes.
     *
     * @throws GloamError `GLOAM_ZIP_UNEQUAL`; from the action where numbers of partitions depend on files, and for numbers of elements
     *
     * @example
     * const words = gc.parallelize(["a", "bb"]);
     * await words.zip(words.map((word) => word.length)).collect(); // [["a", 1], ["bb", 2]]
     */
    zip<U>(other: Rdd<U>): Rdd<[T, U]>;

    /**
     * Like `zip`, but a partition is as long as the shorter of both: DPark's. With `f`, `f(element, other element)` instead of pairs.
     * No shuffle.
     *
     * @throws GloamError `GLOAM_ZIP_UNEQUAL` where the numbers of partitions differ
     *
     * @example
     * await gc.range(3).coalesce(1).zipWith(gc.range(10, 90).coalesce(1), (a, b) => a + b).collect(); // [10, 12, 14]
     * await gc.range(2).zipWith(gc.range(2)).collect(); // [[0, 0], [1, 1]]
     */
    zipWith<U>(other: Rdd<U>): Rdd<[T, U]>;
    zipWith<U, R extends Element>(other: Rdd<U>, f: (element: T, other: U) => R): Rdd<R>;

    /**
     * The partitions of the same number of this RDD and of up to three others become the elements of
     * `f(elements, other elements, ...)`. Each must have as many partitions; they may be of different lengths. `f` gets iterators that
     * read as they go, and may give any iterable. No shuffle. Behind `mapAsync`, a partition is read into memory first.
     *
     * @param options `preservesPartitioning` says that the keys of this RDD stay in their partitions.
     * @throws GloamError `GLOAM_ZIP_UNEQUAL`
     *
     * @example
     * const lines = gc.parallelize(["a", "b", "c"], 2);
     * const counts = gc.range(10, { partitions: 2 });
     * const both = lines.zipPartitions(counts, (xs, ns) => [[[...xs].join(""), [...ns].length]]);
     * await both.collect(); // [["a", 5], ["bc", 5]]
     */
    zipPartitions<A, U extends Element>(
      other: Rdd<A>,
      f: (elements: IterableIterator<T>, others: IterableIterator<A>) => Iterable<U>,
      options?: MapPartitionsOptions,
    ): Rdd<U>;
    zipPartitions<A, B, U extends Element>(
      first: Rdd<A>,
      second: Rdd<B>,
      f: (elements: IterableIterator<T>, first: IterableIterator<A>, second: IterableIterator<B>) => Iterable<U>,
      options?: MapPartitionsOptions,
    ): Rdd<U>;
    zipPartitions<A, B, C, U extends Element>(
      first: Rdd<A>,
      second: Rdd<B>,
      third: Rdd<C>,
      f: (
        elements: IterableIterator<T>,
        first: IterableIterator<A>,
        second: IterableIterator<B>,
        third: IterableIterator<C>,
      ) => Iterable<U>,
      options?: MapPartitionsOptions,
    ): Rdd<U>;

    /**
     * Pairs of each element and a number that no other has: of n partitions, the one with the number p gives p, p + n, p + 2n and so
     * on. No shuffle and, unlike `zipWithIndex`, no job that counts first; numbers are left out where partitions differ in length.
     *
     * @example
     * await gc.parallelize(["a", "b", "c"], 2).zipWithUniqueId().collect(); // [["a", 0], ["b", 1], ["c", 3]]
     */
    zipWithUniqueId(): Rdd<[T, number]>;
  }
}

Rdd.prototype.zip = function <T, U>(this: Rdd<T>, other: Rdd<U>): Rdd<[T, U]> {
  const operation = new Operation(this.context, "zip");
  return operation.rdd(zipNode(operation, this.node, otherNode(operation, other), true));
};

Rdd.prototype.zipWith = function <R>(
  this: Rdd<unknown>,
  other: Rdd<unknown>,
  f?: (element: never, other: never) => unknown,
): Rdd<R> {
  const operation = new Operation(this.context, "zipWith");
  const captured = f === undefined ? undefined : operation.capture(f);
  const pairs = zipNode(operation, this.node, otherNode(operation, other), false);
  return operation.rdd(captured === undefined ? pairs : mapPairsNode(operation, pairs, captured));
};

Rdd.prototype.zipPartitions = function <R>(this: Rdd<unknown>, ...given: readonly unknown[]): Rdd<R> {
  const operation = new Operation(this.context, "zipPartitions");
  const at = given.findIndex((argument) => !(argument instanceof Rdd));
  if (at < 1 || at > 3) throw invalid(operation, "expected one to three other RDDs, then a function");
  const others = given.slice(0, at).map((other) => otherNode(operation, other));
  const { preservesPartitioning = false } = (given[at + 1] ?? {}) as MapPartitionsOptions;
  const f = operation.capture(given[at] as (...elements: never[]) => Iterable<unknown>);
  return operation.rdd(zipPartitionsNode(operation, [this.node, ...others], f, preservesPartitioning));
};

Rdd.prototype.zipWithUniqueId = function <T>(this: Rdd<T>): Rdd<[T, number]> {
  const operation = new Operation(this.context, "zipWithUniqueId");
  return operation.rdd(zipWithUniqueIdNode(operation, this.node));
};
