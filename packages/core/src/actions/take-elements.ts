import { takeSink } from "@gloam/plan";
import type { Operation } from "../operation.ts";
import type { ActionOptions } from "../options.ts";
import type { Rdd } from "../rdd.ts";

/** At most so many times as many partitions in the next attempt as all before. */
const growth = 4;

/**
 * The first `n` elements, in as many jobs as needed: the first partition alone, then as many as the elements found so far
 * let expect, half of that more, and never more than four times what was seen (Spark's rule).
 */
export async function takeElements<T>(
  operation: Operation,
  rdd: Rdd<T>,
  n: number,
  options: ActionOptions | undefined,
): Promise<T[]> {
  const { jobs } = rdd.context;
  const { node } = rdd;
  if (n === 0) return [];
  return jobs.holding(node, async () => {
    const partitions = await jobs.partitionCount(operation, node, options);
    const taken: T[] = [];
    for (let seen = 0; seen < partitions && taken.length < n;) {
      const left = n - taken.length;
      const next = Math.min(seen + nextPartitions(seen, taken.length, left), partitions);
      const chosen = Array.from({ length: next - seen }, (_, i) => seen + i);
      for (const elements of await jobs.results(operation, node, takeSink(left), options, chosen)) {
        for (const element of elements as T[]) if (taken.length < n) taken.push(element);
      }
      seen = next;
    }
    return taken;
  });
}

function nextPartitions(seen: number, taken: number, left: number): number {
  if (seen === 0) return 1;
  if (taken === 0) return seen * growth;
  return Math.max(1, Math.min(Math.ceil((1.5 * left * seen) / taken), seen * growth));
}
