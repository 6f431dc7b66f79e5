import { collectedRows, collectSink } from "@gloam/plan";
import { checkInteger } from "../arguments.ts";
import { emptyRdd } from "../empty-rdd.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";
import { localIterator, type LocalIteratorOptions } from "./local-iterator.ts";
import { flatten } from "./flatten.ts";
import type { Ordering } from "./ordering.ts";
import { takeElements } from "./take-elements.ts";
import { takeInOrder } from "./take-in-order.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * All elements as an array, in the order of the partitions. They must fit into this process's memory.
     *
     * @throws GloamError `GLOAM_TASK_FAILED` with the user's exception as cause; `GLOAM_JOB_CANCELLED`
     *
     * @example
     * await gc.range(3).map((x) => x * 2).collect(); // [0, 2, 4]
     */
    collect(options?: ActionOptions): Promise<T[]>;

    /**
     * The elements one by one, in the order of the partitions, each of which is computed when the one before has been read: one
     * partition at a time is held here, whole and in its encoded form as well while its elements are made; with
     * `prefetchPartitions`, the next one too. The same as `for await (const element of rdd)`. Leaving the loop, or calling
     * `return`, cancels what runs. `driver.maxResultSize` limits each partition by itself.
     *
     * @throws GloamError as `collect` does, for the partition that is read
     *
     * @example
     * let sum = 0;
     * for await (const x of gc.range(4).toLocalIterator()) sum += x;
     * sum; // 6
     */
    toLocalIterator(options?: LocalIteratorOptions): AsyncGenerator<T, void, undefined>;

    /** The elements one by one, see `toLocalIterator`. */
    [Symbol.asyncIterator](): AsyncGenerator<T, void, undefined>;

    /**
     * The first `n` elements. Computes as few partitions as it can: one at first, then more at a time.
     *
     * @example
     * await gc.range(1000).take(3); // [0, 1, 2]
     */
    take(n: number, options?: ActionOptions): Promise<T[]>;

    /**
     * The first element.
     *
     * @throws GloamError `GLOAM_RDD_EMPTY`
     *
     * @example
     * await gc.range(5, 9).first(); // 5
     */
    first(options?: ActionOptions): Promise<T>;

    /**
     * Whether there are no elements. Computes as few partitions as it can.
     *
     * @example
     * await gc.range(3).filter((x) => x > 5).isEmpty(); // true
     */
    isEmpty(options?: ActionOptions): Promise<boolean>;

    /**
     * The last `n` elements of an order, the very last first; by default the order of keys. As many as there are where
     * these are fewer, none of an empty RDD. One pass, no shuffle; `n` elements of each partition come here.
     *
     * @example
     * await gc.parallelize(["a", "ccc", "bb"]).top(2, (word) => word.length); // ["ccc", "bb"]
     */
    top(n: number, by?: Ordering<T>, options?: ActionOptions): Promise<T[]>;

    /**
     * The first `n` elements of an order; by default the order of keys. As many as there are where these are fewer, none
     * of an empty RDD. One pass, no shuffle; `n` elements of each partition come here.
     *
     * @example
     * await gc.parallelize([3, 1, 2]).takeOrdered(2); // [1, 2]
     */
    takeOrdered(n: number, by?: Ordering<T>, options?: ActionOptions): Promise<T[]>;
  }
}

Rdd.prototype.collect = async function <T>(this: Rdd<T>, options?: ActionOptions): Promise<T[]> {
  const operation = new Operation(this.context, "collect");
  const partitions = await this.context.jobs.results(operation, this.node, collectSink(), options);
  return flatten(partitions.map((result) => collectedRows(result) as T[]));
};

Rdd.prototype.toLocalIterator = function <T>(this: Rdd<T>, options?: LocalIteratorOptions) {
  return localIterator<T>(this, new Operation(this.context, "toLocalIterator"), options);
};

Rdd.prototype[Symbol.asyncIterator] = function <T>(this: Rdd<T>) {
  return localIterator<T>(this, new Operation(this.context, "toLocalIterator"));
};

Rdd.prototype.take = async function <T>(this: Rdd<T>, n: number, options?: ActionOptions): Promise<T[]> {
  const operation = new Operation(this.context, "take");
  checkInteger(operation, "n", n, 0);
  return takeElements(operation, this, n, options);
};

Rdd.prototype.first = async function <T>(this: Rdd<T>, options?: ActionOptions): Promise<T> {
  const operation = new Operation(this.context, "first");
  const elements = await takeElements(operation, this, 1, options);
  if (elements.length > 0) return elements[0] as T;
  throw emptyRdd(operation, "there is no first element", "use take(1), or test with isEmpty first");
};

Rdd.prototype.isEmpty = async function (this: Rdd<unknown>, options?: ActionOptions): Promise<boolean> {
  const operation = new Operation(this.context, "isEmpty");
  return (await takeElements(operation, this, 1, options)).length === 0;
};

Rdd.prototype.top = async function <T>(
  this: Rdd<T>,
  n: number,
  by?: Ordering<T>,
  options?: ActionOptions,
): Promise<T[]> {
  return takeInOrder(new Operation(this.context, "top"), this, n, true, by, options);
};

Rdd.prototype.takeOrdered = async function <T>(
  this: Rdd<T>,
  n: number,
  by?: Ordering<T>,
  options?: ActionOptions,
): Promise<T[]> {
  return takeInOrder(new Operation(this.context, "takeOrdered"), this, n, false, by, options);
};
