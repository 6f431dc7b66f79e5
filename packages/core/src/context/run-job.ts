import { callPartitionNode, collectedRows, collectSink, type RunningTask } from "@gloam/plan";
import { checkInteger, invalid } from "../arguments.ts";
import { GloamContext } from "../context.ts";
import { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import { Rdd } from "../rdd.ts";

/** Options of `runJob`. */
export interface RunJobOptions extends ActionOptions {
  /** Partitions to compute, in the order of the results; all when left out. One may be named several times. */
  readonly partitions?: readonly number[] | undefined;
}

declare module "../context.ts" {
  interface GloamContext {
    /**
     * Calls `f` with an iterator over the elements of each partition, on the executors, and gives what it returned, in the order of the
     * partitions. What actions are made of; no shuffle. `f` need not read the iterator to its end.
     *
     * @param f Gets the iterator, and the task as `taskContext()` gives it.
     * @throws GloamError `GLOAM_ARGUMENT_INVALID` for a partition that is not there, or an RDD of another context
     *
     * @example
     * await gc.runJob(gc.range(6, { partitions: 3 }), (numbers) => Math.max(...numbers)); // [1, 3, 5]
     * await gc.runJob(gc.range(6, { partitions: 3 }), (_, task) => task.partition, { partitions: [2, 0] }); // [2, 0]
     */
    runJob<T, R>(
      rdd: Rdd<T>,
      f: (elements: IterableIterator<T>, task: RunningTask) => R,
      options?: RunJobOptions,
    ): Promise<R[]>;
  }
}

GloamContext.prototype.runJob = async function <T, R>(
  this: GloamContext,
  rdd: Rdd<T>,
  f: (elements: IterableIterator<T>, task: RunningTask) => R,
  options: RunJobOptions = {},
): Promise<R[]> {
  const operation = new Operation(this, "runJob");
  if (!(rdd instanceof Rdd)) throw invalid(operation, "expected an RDD");
  if (rdd.context !== this) throw invalid(operation, "the RDD is of another context");
  const { partitions } = options;
  // A copy: the caller may change its own while the job runs.
  const chosen = partitions && [...partitions];
  for (const partition of chosen ?? []) checkInteger(operation, "a partition", partition, 0);
  const node = callPartitionNode(operation, rdd.node, operation.capture(f));
  return this.jobs.holding(node, async () => {
    const count = await this.jobs.partitionCount(operation, node, options);
    const missing = chosen?.find((partition) => partition >= count);
    if (missing !== undefined) throw invalid(operation, `there are ${count} partitions, and no ${missing}`);
    const distinct = chosen && [...new Set(chosen)];
    const results = (await this.jobs.results(operation, node, collectSink(), options, distinct)).map(
      (result) => collectedRows(result)[0] as R,
    );
    if (chosen === undefined || distinct === undefined) return results;
    const resultOf = new Map(distinct.map((partition, index) => [partition, results[index] as R]));
    return chosen.map((partition) => resultOf.get(partition) as R);
  });
};
