import { extremeSink, type Reduced } from "@gloam/plan";
import { emptyRdd } from "../empty-rdd.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";
import { capturedOrdering, comparisonOf, keyIn, type Ordering } from "./ordering.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * The last element of an order, by default the order of keys (NaN comes after all numbers); the first such where several
     * are equal. One pass, no shuffle.
     *
     * @throws GloamError `GLOAM_RDD_EMPTY`; `GLOAM_KEY_UNSUPPORTED` for elements or keys without an order
     *
     * @example
     * await gc.parallelize(["b", "ccc", "aa"]).max((word) => word.length); // "ccc"
     */
    max(by?: Ordering<T>, options?: ActionOptions): Promise<T>;

    /**
     * The first element of an order, by default the order of keys; the first such where several are equal. One pass, no
     * shuffle.
     *
     * @throws GloamError as `max` does
     *
     * @example
     * await gc.parallelize([3, 1, 2]).min(); // 1
     * await gc.parallelize([3, 1, 2]).min({ compare: (a, b) => b - a }); // 3
     */
    min(by?: Ordering<T>, options?: ActionOptions): Promise<T>;
  }
}

Rdd.prototype.max = async function <T>(this: Rdd<T>, by?: Ordering<T>, options?: ActionOptions): Promise<T> {
  return extreme(new Operation(this.context, "max"), this, true, by, options);
};

Rdd.prototype.min = async function <T>(this: Rdd<T>, by?: Ordering<T>, options?: ActionOptions): Promise<T> {
  return extreme(new Operation(this.context, "min"), this, false, by, options);
};

async function extreme<T>(
  operation: Operation,
  rdd: Rdd<T>,
  last: boolean,
  by: Ordering<T> | undefined,
  options: ActionOptions | undefined,
): Promise<T> {
  const sink = extremeSink(last, capturedOrdering(operation, by));
  const results = (await rdd.context.jobs.results(operation, rdd.node, sink, options)) as Reduced[];
  const values = results.flatMap((result) => (result.empty ? [] : [result.value as T]));
  const name = last ? "greatest" : "least";
  if (values.length === 0) throw emptyRdd(operation, `there is no ${name} element`, "test with isEmpty first");
  const keyOf = keyIn(by);
  const compare = comparisonOf(by);
  return values.reduce((best, value) => {
    const order = compare(keyOf(value), keyOf(best));
    return (last ? order > 0 : order < 0) ? value : best;
  });
}
