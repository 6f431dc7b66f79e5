import { combineByKeyNode } from "@gloam/plan";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";
import type { Element, Listed, Several, Widen } from "../types.ts";
import { partitionerFor, type Partitioning } from "./partitioning.ts";

/** Options of `combineByKey`. */
export interface CombineByKeyOptions<K> {
  /** Number of partitions or where keys go; see `Partitioning`. */
  readonly partitions?: Partitioning<K> | undefined;
  /** Whether values are combined before they are shuffled; true when left out. */
  readonly mapSideCombine?: boolean | undefined;
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * One value for each key: `f` adds two values. It must be associative; values are added in their order. Shuffles one
     * value for each key and partition; no shuffle where keys lie by the partitioning already.
     *
     * @param partitions Number of partitions or where keys go; as many as the largest parent has when left out.
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED` from the action, for keys without equality by value
     *
     * @example
     * const pairs = gc.parallelize(["a", "b", "a"]).map((word) => [word, 1]);
     * new Map(await pairs.reduceByKey((a, b) => a + b).collect()).get("a"); // 2
     */
    reduceByKey<K, V extends Element>(
      this: Rdd<readonly [K, V]>,
      f: (a: Widen<V>, b: Widen<V>) => Widen<NoInfer<V>>,
      partitions?: Partitioning<K>,
    ): Rdd<[K, Widen<V>]>;

    /**
     * One combiner for each key. `createCombiner` makes it of a key's first value, `mergeValue` adds a value to it and may
     * change it in place, `mergeCombiners` adds two. Shuffles the combiners.
     *
     * @example
     * const groups = gc.parallelize([["a", 1], ["a", 2]]).combineByKey(
     *   (n) => [n],
     *   (list, n) => [...list, n],
     *   (a, b) => [...a, ...b],
     * );
     * await groups.collect(); // [["a", [1, 2]]]
     */
    combineByKey<K, V, First extends Element, C extends Element = Listed<First>>(
      this: Rdd<readonly [K, V]>,
      createCombiner: (value: V) => First,
      mergeValue: (combiner: C | NoInfer<First>, value: V) => C,
      mergeCombiners: (a: C | NoInfer<First>, b: C | NoInfer<First>) => C,
      options?: CombineByKeyOptions<K>,
    ): Rdd<[K, C]>;

    /**
     * One result for each key: `mergeValue` adds a value to it, from a fresh copy of `zero`, and `mergeResults` adds two.
     * Shuffles one result for each key and partition.
     *
     * A `zero` such as `[0, 0]` is a tuple. For a list say of what: `[] as number[]`.
     *
     * @example
     * const longest = gc.parallelize([["a", "x"], ["a", "xyz"]]).aggregateByKey(
     *   0,
     *   (length, text) => Math.max(length, text.length),
     *   (a, b) => Math.max(a, b),
     * );
     * await longest.collect(); // [["a", 3]]
     */
    aggregateByKey<K, V, U extends Several>(
      this: Rdd<readonly [K, V]>,
      zero: U,
      mergeValue: (result: NoInfer<U>, value: V) => NoInfer<U>,
      mergeResults: (a: NoInfer<U>, b: NoInfer<U>) => NoInfer<U>,
      partitions?: Partitioning<K>,
    ): Rdd<[K, U]>;
    aggregateByKey<K, V, U>(
      this: Rdd<readonly [K, V]>,
      zero: U,
      mergeValue: (result: U, value: V) => U,
      mergeResults: (a: U, b: U) => U,
      partitions?: Partitioning<K>,
    ): Rdd<[K, U]>;

    /**
     * One value for each key: `f` adds two values, beginning with a fresh copy of `zero` for each key and partition, which
     * must change nothing. Shuffles one value for each key and partition.
     *
     * @example
     * await gc.parallelize([["a", 1], ["a", 2]]).foldByKey(0, (a, b) => a + b).collect(); // [["a", 3]]
     */
    foldByKey<K, V extends Element>(
      this: Rdd<readonly [K, V]>,
      zero: Widen<NoInfer<V>>,
      f: (a: Widen<V>, b: Widen<V>) => Widen<NoInfer<V>>,
      partitions?: Partitioning<K>,
    ): Rdd<[K, Widen<V>]>;
  }
}

Rdd.prototype.reduceByKey = function <K, V>(
  this: Rdd<readonly [K, V]>,
  f: (a: Widen<V>, b: Widen<V>) => Widen<V>,
  partitions?: Partitioning<K>,
): Rdd<[K, Widen<V>]> {
  const operation = new Operation(this.context, "reduceByKey");
  const merge = operation.capture(f);
  const combining = { mergeValue: merge, mergeCombiners: merge, mapSide: true };
  const partitioner = partitionerFor(operation, [this.node], partitions);
  return operation.rdd(combineByKeyNode(operation, this.node, combining, partitioner));
};

Rdd.prototype.combineByKey = function <K, V, C>(
  this: Rdd<readonly [K, V]>,
  createCombiner: (value: V) => unknown,
  mergeValue: (combiner: never, value: V) => C,
  mergeCombiners: (a: never, b: never) => C,
  { partitions, mapSideCombine = true }: CombineByKeyOptions<K> = {},
): Rdd<[K, C]> {
  const operation = new Operation(this.context, "combineByKey");
  const combining = {
    create: operation.capture(createCombiner),
    mergeValue: operation.capture(mergeValue),
    mergeCombiners: operation.capture(mergeCombiners),
    mapSide: mapSideCombine,
  };
  const partitioner = partitionerFor(operation, [this.node], partitions);
  return operation.rdd(combineByKeyNode(operation, this.node, combining, partitioner));
};

Rdd.prototype.aggregateByKey = function <K, V, U>(
  this: Rdd<readonly [K, V]>,
  zero: U,
  mergeValue: (result: U, value: V) => U,
  mergeResults: (a: U, b: U) => U,
  partitions?: Partitioning<K>,
): Rdd<[K, U]> {
  const operation = new Operation(this.context, "aggregateByKey");
  const combining = {
    zero: operation.encodeZero(zero),
    mergeValue: operation.capture(mergeValue),
    mergeCombiners: operation.capture(mergeResults),
    mapSide: true,
  };
  const partitioner = partitionerFor(operation, [this.node], partitions);
  return operation.rdd(combineByKeyNode(operation, this.node, combining, partitioner));
};

Rdd.prototype.foldByKey = function <K, V>(
  this: Rdd<readonly [K, V]>,
  zero: Widen<V>,
  f: (a: Widen<V>, b: Widen<V>) => Widen<V>,
  partitions?: Partitioning<K>,
): Rdd<[K, Widen<V>]> {
  const operation = new Operation(this.context, "foldByKey");
  const merge = operation.capture(f);
  const combining = { zero: operation.encodeZero(zero), mergeValue: merge, mergeCombiners: merge, mapSide: true };
  const partitioner = partitionerFor(operation, [this.node], partitions);
  return operation.rdd(combineByKeyNode(operation, this.node, combining, partitioner));
};
