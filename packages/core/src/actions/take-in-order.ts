import { createBoundedHeap, takeOrderedSink } from "@gloam/plan";
import { checkInteger } from "../arguments.ts";
import type { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import type { Rdd } from "../rdd.ts";
import { flatten } from "./flatten.ts";
import { capturedOrdering, comparisonOf, keyIn, type Ordering } from "./ordering.ts";

/** The first `n` elements of an order, or the last ones from the end: so many of each partition, merged here. */
export async function takeInOrder<T>(
  operation: Operation,
  rdd: Rdd<T>,
  n: number,
  descending: boolean,
  by: Ordering<T> | undefined,
  options: ActionOptions | undefined,
): Promise<T[]> {
  checkInteger(operation, "n", n, 0);
  const sink = takeOrderedSink(n, descending, capturedOrdering(operation, by));
  if (n === 0) return [];
  const partitions = await rdd.context.jobs.results(operation, rdd.node, sink, options);
  const heap = createBoundedHeap(n, comparisonOf(by), descending);
  const keyOf = keyIn(by);
  for (const element of flatten(partitions as T[][])) heap.offer(keyOf(element), element);
  return heap.drain() as T[];
}
