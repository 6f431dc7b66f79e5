import { createIdentifier } from "@gloam/common";
import { abortJob, commitJob, prepareTextOutput, textSink } from "@gloam/io";
import { countSink, forEachPartitionNode, forEachSink } from "@gloam/plan";
import { checkPath } from "../arguments.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";

/** Options of `saveAsTextFile`. */
export interface SaveAsTextFileOptions extends ActionOptions {
  /** Compresses each part with gzip; the names of the parts then end in `.gz`. */
  readonly gzip?: boolean | undefined;
}

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

    /**
     * Writes each element as a line of text, `String(element)`, a file `part-00000` and so on for each partition. The
     * directory appears with all parts and `_SUCCESS` or not at all, and one attempt of each task is committed.
     *
     * @param directory A path or `file:` URL that does not exist yet.
     * @throws GloamError `GLOAM_OUTPUT_EXISTS`, `GLOAM_OUTPUT_FAILED`
     *
     * @example
     * await gc.range(3).saveAsTextFile(directory); // undefined
     * await gc.textFile(directory).collect(); // ["0", "1", "2"]
     */
    saveAsTextFile(directory: string | URL, options?: SaveAsTextFileOptions): Promise<void>;
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

Rdd.prototype.saveAsTextFile = async function (
  this: Rdd<unknown>,
  directory: string | URL,
  options: SaveAsTextFileOptions = {},
): Promise<void> {
  const operation = new Operation(this.context, "saveAsTextFile");
  const path = checkPath(operation, directory);
  const { callSite } = operation;
  const { jobs, random } = this.context;
  const { node } = this;
  await jobs.holding(node, async () => {
    const output = await prepareTextOutput(path, {
      id: createIdentifier(random),
      gzip: options.gzip ?? false,
      callSite,
    });
    try {
      let parts = 0;
      await jobs.run(operation, node, textSink(output), () => parts++, options);
      await commitJob(output, parts, callSite);
    } catch (error) {
      await abortJob(output);
      throw error;
    }
  });
};
