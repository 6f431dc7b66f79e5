import { flatMapValuesNode, keysNode, mapValuesNode, valuesNode } from "@gloam/plan";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";
import type { Element } from "../types.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * Each pair `[key, value]` becomes `[key, f(value)]`. No shuffle; keys stay where they are.
     *
     * @example
     * await gc.parallelize([["a", 1], ["b", 2]]).mapValues((n) => n * 10).collect(); // [["a", 10], ["b", 20]]
     */
    mapValues<K, V, U extends Element>(this: Rdd<readonly [K, V]>, f: (value: V) => U): Rdd<[K, U]>;

    /**
     * Each pair `[key, value]` becomes a pair with the key for each element of the iterable `f(value)`. No shuffle; keys
     * stay where they are.
     *
     * @example
     * await gc.parallelize([["a", "xy"]]).flatMapValues((text) => [...text]).collect(); // [["a", "x"], ["a", "y"]]
     */
    flatMapValues<K, V, U extends Element>(this: Rdd<readonly [K, V]>, f: (value: V) => Iterable<U>): Rdd<[K, U]>;

    /**
     * The keys of the pairs, with doubles. No shuffle.
     *
     * @example
     * await gc.parallelize([["a", 1], ["a", 2]]).keys().collect(); // ["a", "a"]
     */
    keys<K, V>(this: Rdd<readonly [K, V]>): Rdd<K>;

    /**
     * The values of the pairs. No shuffle.
     *
     * @example
     * await gc.parallelize([["a", 1], ["a", 2]]).values().collect(); // [1, 2]
     */
    values<K, V>(this: Rdd<readonly [K, V]>): Rdd<V>;
  }
}

Rdd.prototype.mapValues = function <K, V, U>(this: Rdd<readonly [K, V]>, f: (value: V) => U): Rdd<[K, U]> {
  const operation = new Operation(this.context, "mapValues");
  return operation.rdd(mapValuesNode(operation, this.node, operation.capture(f)));
};

Rdd.prototype.flatMapValues = function <K, V, U>(
  this: Rdd<readonly [K, V]>,
  f: (value: V) => Iterable<U>,
): Rdd<[K, U]> {
  const operation = new Operation(this.context, "flatMapValues");
  return operation.rdd(flatMapValuesNode(operation, this.node, operation.capture(f)));
};

Rdd.prototype.keys = function <K>(this: Rdd<readonly [K, unknown]>): Rdd<K> {
  const operation = new Operation(this.context, "keys");
  return operation.rdd(keysNode(operation, this.node));
};

Rdd.prototype.values = function <V>(this: Rdd<readonly [unknown, V]>): Rdd<V> {
  const operation = new Operation(this.context, "values");
  return operation.rdd(valuesNode(operation, this.node));
};
