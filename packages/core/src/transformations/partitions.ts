import { coalesceNode, glomNode, mapPartitionsNode, repartitionNode, zipWithIndexNode } from "@gloam/plan";
import { checkInteger } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";
import type { Element } from "../types.ts";

/** Options of `mapPartitions` and `mapPartitionsWithIndex`. */
export interface MapPartitionsOptions {
  /** Says that the function leaves keys as they are, so that later operations by key need no shuffle. */
  readonly preservesPartitioning?: boolean | undefined;
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * Each partition becomes the elements of `f(elements)`: for work that is done once for many elements. `f` gets an
     * iterator that reads as it goes, and may give any iterable, such as a generator. No shuffle.
     *
     * @example
     * const sums = gc.range(4, { partitions: 2 }).mapPartitions(function* (elements) {
     *   let sum = 0;
     *   for (const x of elements) sum += x;
     *   yield sum;
     * });
     * await sums.collect(); // [1, 5]
     */
    mapPartitions<U extends Element>(
      f: (elements: IterableIterator<T>) => Iterable<U>,
      options?: MapPartitionsOptions,
    ): Rdd<U>;

    /**
     * Like `mapPartitions`; `f` gets the partition's number first.
     *
     * @example
     * const tagged = gc.range(3, { partitions: 2 }).mapPartitionsWithIndex((p, xs) => [...xs].map((x) => [p, x]));
     * await tagged.collect(); // [[0, 0], [1, 1], [1, 2]]
     */
    mapPartitionsWithIndex<U extends Element>(
      f: (partition: number, elements: IterableIterator<T>) => Iterable<U>,
      options?: MapPartitionsOptions,
    ): Rdd<U>;

    /**
     * Each partition becomes one element, the array of its elements. No shuffle; a partition must fit into memory.
     *
     * @example
     * await gc.range(5, { partitions: 2 }).glom().collect(); // [[0, 1], [2, 3, 4]]
     */
    glom(): Rdd<T[]>;

    /**
     * The same elements in the same order in at most `partitions` partitions: neighbours become one. No shuffle, so the
     * work before it runs in as few tasks; see `repartition`.
     *
     * @example
     * await gc.range(4, { partitions: 4 }).coalesce(2).glom().collect(); // [[0, 1], [2, 3]]
     */
    coalesce(partitions: number): Rdd<T>;

    /**
     * The same elements dealt out evenly over exactly `partitions` partitions. Shuffles.
     *
     * @example
     * await gc.range(4, { partitions: 1 }).repartition(3).getNumPartitions(); // 3
     */
    repartition(partitions: number): Rdd<T>;

    /**
     * Pairs of each element and its index, in the order of the partitions. No shuffle, but with more than one partition
     * the first job counts the elements first, which computes them once more unless they are cached.
     *
     * @example
     * await gc.parallelize(["a", "b"]).zipWithIndex().collect(); // [["a", 0], ["b", 1]]
     */
    zipWithIndex(): Rdd<[T, number]>;

    /**
     * The number of partitions; asks the source for it where it depends on files.
     *
     * @example
     * await gc.range(10, { partitions: 3 }).getNumPartitions(); // 3
     */
    getNumPartitions(): Promise<number>;
  }
}

Rdd.prototype.mapPartitions = function <U>(
  this: Rdd<unknown>,
  f: (elements: never) => Iterable<U>,
  { preservesPartitioning = false }: MapPartitionsOptions = {},
): Rdd<U> {
  const operation = new Operation(this.context, "mapPartitions");
  const options = { indexed: false, preservesPartitioning };
  return operation.rdd(mapPartitionsNode(operation, this.node, operation.capture(f), options));
};

Rdd.prototype.mapPartitionsWithIndex = function <U>(
  this: Rdd<unknown>,
  f: (partition: number, elements: never) => Iterable<U>,
  { preservesPartitioning = false }: MapPartitionsOptions = {},
): Rdd<U> {
  const operation = new Operation(this.context, "mapPartitionsWithIndex");
  const options = { indexed: true, preservesPartitioning };
  return operation.rdd(mapPartitionsNode(operation, this.node, operation.capture(f), options));
};

Rdd.prototype.glom = function <T>(this: Rdd<T>): Rdd<T[]> {
  const operation = new Operation(this.context, "glom");
  return operation.rdd(glomNode(operation, this.node));
};

Rdd.prototype.coalesce = function <T>(this: Rdd<T>, partitions: number): Rdd<T> {
  const operation = new Operation(this.context, "coalesce");
  checkInteger(operation, "partitions", partitions, 1);
  return operation.rdd(coalesceNode(operation, this.node, partitions));
};

Rdd.prototype.repartition = function <T>(this: Rdd<T>, partitions: number): Rdd<T> {
  const operation = new Operation(this.context, "repartition");
  checkInteger(operation, "partitions", partitions, 1);
  return operation.rdd(repartitionNode(operation, this.node, partitions));
};

Rdd.prototype.zipWithIndex = function <T>(this: Rdd<T>): Rdd<[T, number]> {
  const operation = new Operation(this.context, "zipWithIndex");
  const { jobs } = this.context;
  return operation.rdd(
    zipWithIndexNode(operation, this.node, (node, partitions, signal) =>
      jobs.count(operation, node, partitions, signal),
    ),
  );
};

Rdd.prototype.getNumPartitions = async function (this: Rdd<unknown>): Promise<number> {
  return this.context.jobs.partitionCount(new Operation(this.context, "getNumPartitions"), this.node);
};
