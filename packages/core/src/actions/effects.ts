import { forEachSink } from "@gloam/plan";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * Calls `f(element)` for each element on the executors, for its effects there: it works on a snapshot of what it
     * captures and changes nothing in this process. A task that is tried again calls it again.
     *
     * @example
     * await gc.range(3).forEach((x) => console.log(x)); // undefined
     */
    forEach(f: (element: T) => unknown, options?: ActionOptions): Promise<void>;
  }
}

Rdd.prototype.forEach = async function (
  this: Rdd<unknown>,
  f: (element: never) => unknown,
  options?: ActionOptions,
): Promise<void> {
  const operation = new Operation(this.context, "forEach");
  await this.context.jobs.run(operation, this.node, forEachSink(operation.capture(f)), () => undefined, options);
};
