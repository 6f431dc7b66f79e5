import { collectedRows, collectSink } from "@gloam/plan";
import type { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import type { Rdd } from "../rdd.ts";

/** How `toLocalIterator` runs its jobs. */
export interface LocalIteratorOptions extends ActionOptions {
  /** Compute the next partition while one is being read: both are held here then. `false` by default, as in Spark. */
  readonly prefetchPartitions?: boolean | undefined;
}

/**
 * The elements of an RDD one by one, a job for each partition. Whoever stops cancels the job that runs: `return`, which a generator
 * would only look at when the job has ended.
 */
export function localIterator<T>(
  rdd: Rdd<T>,
  operation: Operation,
  options: LocalIteratorOptions = {},
): AsyncGenerator<T, void, undefined> {
  const stopping = new AbortController();
  const elements = iterate(rdd, operation, options, stopping);
  const end = elements.return.bind(elements);
  elements.return = (value) => {
    stopping.abort();
    return end(value);
  };
  return elements;
}

async function* iterate<T>(
  rdd: Rdd<T>,
  operation: Operation,
  { prefetchPartitions = false, signal, ...options }: LocalIteratorOptions,
  stopping: AbortController,
): AsyncGenerator<T, void, undefined> {
  const { jobs } = rdd.context;
  const own = {
    ...options,
    signal: signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]),
  };
  const compute = (partition: number): Promise<unknown[]> => {
    // The handle keeps the plan alive between two jobs, also where the loop is left without an end.
    const results = jobs.results(operation, rdd.node, collectSink(), own, [partition]);
    // Whoever reads the partition is told; nobody does once this has been stopped.
    results.catch(() => undefined);
    return results;
  };
  try {
    const partitions = await jobs.partitionCount(operation, rdd.node, own);
    let next: Promise<unknown[]> | undefined;
    for (let partition = 0; partition < partitions; partition++) {
      const [result] = await (next ?? compute(partition));
      next = prefetchPartitions && partition + 1 < partitions ? compute(partition + 1) : undefined;
      yield* collectedRows(result) as T[];
    }
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
  } finally {
    stopping.abort();
  }
}
