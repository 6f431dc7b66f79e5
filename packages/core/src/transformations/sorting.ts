import { countOf, fixedCount, keyByNode, sortByKeyNode, valuesNode, type PlanNode } from "@gloam/plan";
import { checkInteger, checkOptions } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";
import type { Element } from "../types.ts";

/** Options of `sortBy` and `sortByKey`. */
export interface SortOptions<K> {
  /** True when left out. */
  readonly ascending?: boolean | undefined;
  /**
   * Compares two keys as `Array.prototype.sort` does, instead of the order of keys: null first, numbers with NaN last,
   * strings by code unit, tuples by element.
   */
  readonly compare?: ((a: K, b: K) => number) | undefined;
  /** Number of partitions; as many as before when left out. */
  readonly partitions?: number | undefined;
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The elements in the order of `f(element)`, over all partitions; equal ones stay in their order. Shuffles.
     *
     * @throws GloamError `GLOAM_KEY_UNSUPPORTED` from the action, for keys that have no order
     *
     * @example
     * await gc.parallelize(["ccc", "a", "bb"]).sortBy((word) => word.length).collect(); // ["a", "bb", "ccc"]
     */
    sortBy<K extends Element>(f: (element: T) => K, options?: SortOptions<K>): Rdd<T>;

    /**
     * The pairs in the order of their keys, over all partitions; equal keys stay in their order. Shuffles.
     *
     * @example
     * await gc.parallelize([[2, "b"], [1, "a"]]).sortByKey().collect(); // [[1, "a"], [2, "b"]]
     */
    sortByKey<K, V>(this: Rdd<readonly [K, V]>, options?: SortOptions<K>): Rdd<[K, V]>;
  }
}

Rdd.prototype.sortBy = function <T>(
  this: Rdd<T>,
  f: (element: never) => unknown,
  options: SortOptions<never> = {},
): Rdd<T> {
  const operation = new Operation(this.context, "sortBy");
  const sorted = sort(operation, keyByNode(operation, this.node, operation.capture(f)), options);
  return operation.rdd(valuesNode(operation, sorted));
};

Rdd.prototype.sortByKey = function <K, V>(this: Rdd<readonly [K, V]>, options: SortOptions<K> = {}): Rdd<[K, V]> {
  const operation = new Operation(this.context, "sortByKey");
  return operation.rdd(sort(operation, this.node, options));
};

function sort(operation: Operation, pairs: PlanNode, options: SortOptions<never>): PlanNode {
  checkOptions(operation, options, "{ ascending: false }");
  const { ascending = true, compare, partitions } = options;
  if (partitions !== undefined) checkInteger(operation, "partitions", partitions, 1);
  return sortByKeyNode(
    operation,
    pairs,
    { ascending, compare: compare === undefined ? undefined : operation.capture(compare) },
    partitions === undefined ? countOf(pairs) : fixedCount(partitions),
  );
}
