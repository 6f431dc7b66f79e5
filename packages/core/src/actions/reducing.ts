import { decodeValue } from "@gloam/arrow";
import { countSink, foldSink, reduceSink, type Reduced } from "@gloam/plan";
import { emptyRdd } from "../empty-rdd.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";
import type { Several, Widen } from "../types.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The number of elements.
     *
     * @example
     * await gc.range(10).filter((x) => x > 6).count(); // 3
     */
    count(options?: ActionOptions): Promise<number>;

    /**
     * One value of all elements: `f` adds two. It must be associative; elements are added in their order, so that sums of
     * floats are the same each time.
     *
     * @throws GloamError `GLOAM_RDD_EMPTY`
     *
     * @example
     * await gc.parallelize(["a", "b", "c"]).reduce((a, b) => a + b); // "abc"
     */
    reduce(f: (a: Widen<T>, b: Widen<T>) => Widen<T>, options?: ActionOptions): Promise<Widen<T>>;

    /**
     * One value of all elements: `f` adds two, beginning with a fresh copy of `zero` for each partition and once more for
     * adding the partitions, so `zero` must change nothing.
     *
     * @example
     * await gc.range(5).fold(0, (a, b) => a + b); // 10
     */
    fold(zero: Widen<T>, f: (a: Widen<T>, b: Widen<T>) => Widen<T>, options?: ActionOptions): Promise<Widen<T>>;

    /**
     * One result of all elements: `mergeElement` adds an element to it, from a fresh copy of `zero` for each partition, and
     * `mergeResults` adds two results, in the order of the partitions. A `zero` such as `[0, 0]` is a tuple. For a list say
     * of what: `[] as number[]`.
     *
     * @example
     * await gc.parallelize(["a", "bb"]).aggregate(
     *   0,
     *   (length, word) => length + word.length,
     *   (a, b) => a + b,
     * ); // 3
     */
    aggregate<U extends Several>(
      zero: U,
      mergeElement: (result: NoInfer<U>, element: T) => NoInfer<U>,
      mergeResults: (a: NoInfer<U>, b: NoInfer<U>) => NoInfer<U>,
      options?: ActionOptions,
    ): Promise<U>;
    aggregate<U>(
      zero: U,
      mergeElement: (result: U, element: T) => U,
      mergeResults: (a: U, b: U) => U,
      options?: ActionOptions,
    ): Promise<U>;
  }
}

Rdd.prototype.count = async function (this: Rdd<unknown>, options?: ActionOptions): Promise<number> {
  const operation = new Operation(this.context, "count");
  const counts = (await this.context.jobs.results(operation, this.node, countSink(), options)) as number[];
  return counts.reduce((sum, count) => sum + count, 0);
};

Rdd.prototype.reduce = async function <V>(
  this: Rdd<unknown>,
  f: (a: V, b: V) => V,
  options?: ActionOptions,
): Promise<V> {
  const operation = new Operation(this.context, "reduce");
  const sink = reduceSink(operation.capture(f));
  const results = (await this.context.jobs.results(operation, this.node, sink, options)) as Reduced[];
  const values = results.flatMap((result) => (result.empty ? [] : [result.value as V]));
  if (values.length > 0) return values.reduce((a, b) => f(a, b));
  throw emptyRdd(operation, "there is nothing to reduce");
};

Rdd.prototype.fold = async function <V>(
  this: Rdd<unknown>,
  zero: V,
  f: (a: V, b: V) => V,
  options?: ActionOptions,
): Promise<V> {
  return aggregate(new Operation(this.context, "fold"), this, zero, f, f, options);
};

Rdd.prototype.aggregate = async function <T, U>(
  this: Rdd<T>,
  zero: U,
  mergeElement: (result: U, element: never) => U,
  mergeResults: (a: U, b: U) => U,
  options?: ActionOptions,
): Promise<U> {
  return aggregate(new Operation(this.context, "aggregate"), this, zero, mergeElement, mergeResults, options);
};

async function aggregate<U>(
  operation: Operation,
  rdd: Rdd<unknown>,
  zero: U,
  mergeElement: (result: U, element: never) => U,
  mergeResults: (a: U, b: U) => U,
  options: ActionOptions | undefined,
): Promise<U> {
  const encoded = operation.encodeZero(zero);
  const sink = foldSink(encoded, operation.capture(mergeElement));
  const results = (await rdd.context.jobs.results(operation, rdd.node, sink, options)) as U[];
  return results.reduce((a, b) => mergeResults(a, b), decodeValue(encoded) as U);
}
