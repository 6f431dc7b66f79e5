import { cogroupNode, joinNode, type JoinKind } from "@gloam/plan";
import { invalid } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { otherNode } from "../other-node.ts";
import { Rdd } from "../rdd.ts";
import { partitionerFor, type Partitioning } from "./partitioning.ts";

type Pairs<K, V> = Rdd<readonly [K, V]>;

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * For each key the values of this RDD and of up to three others, as arrays; empty where one has none. Shuffles what does
     * not lie by the partitioning already. The values of one key must fit into memory.
     *
     * @example
     * const ages = gc.parallelize([["ann", 30], ["bob", 40]]);
     * const towns = gc.parallelize([["ann", "Rome"]]);
     * (await ages.cogroup(towns).sortByKey().collect())[0]; // ["ann", [[30], ["Rome"]]]
     */
    cogroup<K, V, A>(this: Pairs<K, V>, other: Pairs<K, A>, partitions?: Partitioning<K>): Rdd<[K, [V[], A[]]]>;
    cogroup<K, V, A, B>(
      this: Pairs<K, V>,
      first: Pairs<K, A>,
      second: Pairs<K, B>,
      partitions?: Partitioning<K>,
    ): Rdd<[K, [V[], A[], B[]]]>;
    cogroup<K, V, A, B, C>(
      this: Pairs<K, V>,
      first: Pairs<K, A>,
      second: Pairs<K, B>,
      third: Pairs<K, C>,
      partitions?: Partitioning<K>,
    ): Rdd<[K, [V[], A[], B[], C[]]]>;

    /**
     * Same as `cogroup`: another of Spark's names for it.
     *
     * @example
     * const ages = gc.parallelize([["ann", 30]]);
     * await ages.groupWith(gc.parallelize([["ann", "Rome"]])).collect(); // [["ann", [[30], ["Rome"]]]]
     */
    groupWith: Rdd<T>["cogroup"];

    /**
     * `[key, [value, other value]]` for every two values of a key that both RDDs have. Shuffles what does not lie by the
     * partitioning already.
     *
     * @example
     * const ages = gc.parallelize([["ann", 30], ["bob", 40]]);
     * const towns = gc.parallelize([["ann", "Rome"]]);
     * await ages.join(towns).collect(); // [["ann", [30, "Rome"]]]
     */
    join<K, V, W>(this: Pairs<K, V>, other: Pairs<K, W>, partitions?: Partitioning<K>): Rdd<[K, [V, W]]>;

    /**
     * Like `join`, with every pair of this RDD: undefined where the other has no value for its key.
     *
     * @example
     * const ages = gc.parallelize([["ann", 30]]);
     * await ages.leftOuterJoin(gc.parallelize([["bob", "Rome"]])).collect(); // [["ann", [30, undefined]]]
     */
    leftOuterJoin<K, V, W>(
      this: Pairs<K, V>,
      other: Pairs<K, W>,
      partitions?: Partitioning<K>,
    ): Rdd<[K, [V, W | undefined]]>;

    /**
     * Like `join`, with every pair of the other RDD: undefined where this one has no value for its key.
     *
     * @example
     * const ages = gc.parallelize([["ann", 30]]);
     * await ages.rightOuterJoin(gc.parallelize([["bob", "Rome"]])).collect(); // [["bob", [undefined, "Rome"]]]
     */
    rightOuterJoin<K, V, W>(
      this: Pairs<K, V>,
      other: Pairs<K, W>,
      partitions?: Partitioning<K>,
    ): Rdd<[K, [V | undefined, W]]>;

    /**
     * Like `join`, with every pair of both RDDs: undefined where the other side has no value for its key.
     *
     * @example
     * const joined = gc.parallelize([["ann", 30]]).fullOuterJoin(gc.parallelize([["bob", "Rome"]]));
     * await joined.sortByKey().collect(); // [["ann", [30, undefined]], ["bob", [undefined, "Rome"]]]
     */
    fullOuterJoin<K, V, W>(
      this: Pairs<K, V>,
      other: Pairs<K, W>,
      partitions?: Partitioning<K>,
    ): Rdd<[K, [V | undefined, W | undefined]]>;
  }
}

type JoinArguments = readonly [other: Rdd<unknown>, partitions?: Partitioning<never>];
type CogroupArguments = readonly (Rdd<unknown> | Partitioning<never> | undefined)[];

Rdd.prototype.cogroup = function (this: Rdd<unknown>, ...given: CogroupArguments): Rdd<never> {
  return cogroup(new Operation(this.context, "cogroup"), this, given);
};

Rdd.prototype.groupWith = function (this: Rdd<unknown>, ...given: CogroupArguments): Rdd<never> {
  return cogroup(new Operation(this.context, "groupWith"), this, given);
};

Rdd.prototype.join = function (this: Rdd<unknown>, ...given: JoinArguments): Rdd<never> {
  return join("join", "inner", this, ...given);
};

Rdd.prototype.leftOuterJoin = function (this: Rdd<unknown>, ...given: JoinArguments): Rdd<never> {
  return join("leftOuterJoin", "left", this, ...given);
};

Rdd.prototype.rightOuterJoin = function (this: Rdd<unknown>, ...given: JoinArguments): Rdd<never> {
  return join("rightOuterJoin", "right", this, ...given);
};

Rdd.prototype.fullOuterJoin = function (this: Rdd<unknown>, ...given: JoinArguments): Rdd<never> {
  return join("fullOuterJoin", "full", this, ...given);
};

function cogroup(operation: Operation, rdd: Rdd<unknown>, given: CogroupArguments): Rdd<never> {
  const others = given.filter((argument) => argument instanceof Rdd);
  const partitions = given[others.length] as Partitioning<never> | undefined;
  if (others.length < 1 || others.length > 3) throw invalid(operation, "expected one to three other RDDs");
  const parents = [rdd.node, ...others.map((other) => otherNode(operation, other))];
  return operation.rdd(cogroupNode(operation, parents, partitionerFor(operation, parents, partitions)));
}

function join(name: string, kind: JoinKind, left: Rdd<unknown>, ...[right, partitions]: JoinArguments): Rdd<never> {
  const operation = new Operation(left.context, name);
  const other = otherNode(operation, right);
  const partitioner = partitionerFor(operation, [left.node, other], partitions);
  return operation.rdd(joinNode(operation, left.node, other, kind, partitioner));
}
