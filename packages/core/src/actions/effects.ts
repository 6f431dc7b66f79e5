import { countSink, forEachPartitionNode, forEachSink } from "@gloam/plan";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";

declare module "../rdd.ts" {
  interface Rdd<T> {
    /**
     * Calls `f(element)` for each element on the executors, for its effects there: it works on a snapshot of what it
     * captures and changes nothing in this process. A task that is tried again calls it again. It does not wait for promises:
     * `mapAsync(f).count()` does.
     *
     * @throws GloamError `GLOAM_ASYNC_FUNCTION`, from the action too where `f` gives a promise
     *
     * @example
     * await gc.range(3).forEach((x) => console.log(x)); // undefined
     */
    forEach(f: (element: T) => unknown, options?: ActionOptions): Promise<void>;

    /**
     * Calls `f(elements)` once for each partition on the executors, also for an empty one, with an iterator that reads as it
     * goes: for effects that need something made once for many elements, such as a connection. As with `forEach`, it changes
     * nothing in this process, and a task that is tried again calls it again. A generator function is read to its end.
     *
     * @example
     * await gc.range(3).forEachPartition((elements) => {
     *   for (const x of elements) console.log(x);
     * }); // undefined
     */
    forEachPartition(f: (elements: IterableIterator<T>) => unknown, options?: ActionOptions): Promise<void>;
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

Rdd.prototype.forEachPartition = async function (
  this: Rdd<unknown>,
  f: (elements: never) => unknown,
  options?: ActionOptions,
): Promise<void> {
  const operation = new Operation(this.context, "forEachPartition");
  const node = forEachPartitionNode(operation, this.node, operation.capture(f));
  await this.context.jobs.run(operation, node, countSink(), () => undefined, options);
};
