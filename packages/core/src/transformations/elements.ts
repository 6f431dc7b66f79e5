import { filterNode, flatMapNode, keyByNode, mapAsyncNode, mapNode } from "@gloam/plan";
import { checkInteger } from "../arguments.ts";
import { Operation } from "../operation.ts";
import { Rdd } from "../rdd.ts";
import type { Element } from "../types.ts";

/** Options of `mapAsync`. */
export interface MapAsyncOptions {
  /** Calls that may run at a time in each partition; 16 when left out. */
  readonly concurrency?: number | undefined;
}

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * Each element becomes `f(element)`. No shuffle.
     *
     * @throws GloamError `GLOAM_CLOSURE_NOT_SERIALIZABLE`; `GLOAM_ASYNC_FUNCTION` for an async function, see `mapAsync`
     *
     * @example
     * await gc.parallelize([1, 2, 3]).map((x) => x * x).collect(); // [1, 4, 9]
     */
    map<U extends Element>(f: (element: T) => U): Rdd<U>;

    /**
     * Each element becomes the elements of the iterable `f(element)`. No shuffle.
     *
     * @example
     * await gc.parallelize(["a b", "c"]).flatMap((line) => line.split(" ")).collect(); // ["a", "b", "c"]
     */
    flatMap<U extends Element>(f: (element: T) => Iterable<U>): Rdd<U>;

    /**
     * The elements for which `f` gives true. No shuffle; keys stay where they are.
     *
     * @example
     * await gc.range(6).filter((x) => x % 2 === 0).collect(); // [0, 2, 4]
     */
    filter<S extends T>(f: (element: T) => element is S): Rdd<S>;
    filter(f: (element: T) => unknown): Rdd<T>;

    /**
     * Each element becomes what the promise `f(element)` gives, in the order of the elements. At most `concurrency` calls
     * run at a time in a partition. No shuffle.
     *
     * @throws GloamError `GLOAM_TASK_FAILED` from the action, when a promise rejects
     *
     * @example
     * await gc.range(3).mapAsync(async (x) => x + 1, { concurrency: 2 }).collect(); // [1, 2, 3]
     */
    mapAsync<U extends Element>(f: (element: T) => PromiseLike<U> | U, options?: MapAsyncOptions): Rdd<U>;

    /**
     * Pairs of `f(element)` and the element. No shuffle.
     *
     * @example
     * await gc.parallelize(["a", "bb"]).keyBy((word) => word.length).collect(); // [[1, "a"], [2, "bb"]]
     */
    keyBy<K extends Element>(f: (element: T) => K): Rdd<[K, T]>;
  }
}

Rdd.prototype.map = function <U>(this: Rdd<unknown>, f: (element: never) => U): Rdd<U> {
  const operation = new Operation(this.context, "map");
  return operation.rdd(mapNode(operation, this.node, operation.capture(f)));
};

Rdd.prototype.flatMap = function <U>(this: Rdd<unknown>, f: (element: never) => Iterable<U>): Rdd<U> {
  const operation = new Operation(this.context, "flatMap");
  return operation.rdd(flatMapNode(operation, this.node, operation.capture(f)));
};

Rdd.prototype.filter = function <T>(this: Rdd<T>, f: (element: never) => unknown): Rdd<T> {
  const operation = new Operation(this.context, "filter");
  return operation.rdd(filterNode(operation, this.node, operation.capture(f)));
};

Rdd.prototype.mapAsync = function <U>(
  this: Rdd<unknown>,
  f: (element: never) => PromiseLike<U> | U,
  { concurrency = 16 }: MapAsyncOptions = {},
): Rdd<U> {
  const operation = new Operation(this.context, "mapAsync");
  checkInteger(operation, "concurrency", concurrency, 1);
  return operation.rdd(mapAsyncNode(operation, this.node, operation.capture(f, { async: true }), concurrency));
};

Rdd.prototype.keyBy = function <T, K>(this: Rdd<T>, f: (element: never) => K): Rdd<[K, T]> {
  const operation = new Operation(this.context, "keyBy");
  return operation.rdd(keyByNode(operation, this.node, operation.capture(f)));
};
