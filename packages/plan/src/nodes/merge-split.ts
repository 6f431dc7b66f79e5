import type { PlanNode } from "../node.ts";
import { LazyNarrowDependency, OperationNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { countOf, derivedCount } from "../partition-count.ts";

/** How many neighbouring partitions become one, or how many partitions there shall be at most. */
export type SplitMerging = { readonly splitSize: number } | { readonly numSplits: number };

/** Neighbouring partitions of the parent put together, `splitSize` at a time; the last may be of fewer. */
export function mergeSplitNode(origin: NodeOrigin, parent: PlanNode, merging: SplitMerging): PlanNode {
  const before = countOf(parent);
  const sizeOf = (count: number): number =>
    "splitSize" in merging ? merging.splitSize : Math.max(1, Math.ceil(count / merging.numSplits));
  return new OperationNode(origin, {
    dependencies: [
      new LazyNarrowDependency(parent, () => ({
        kind: "groups",
        groups: runsOf(before.value(), sizeOf(before.value())),
      })),
    ],
    kernel: planKernel("concatenateKernel"),
    count: derivedCount([before], (count) => Math.ceil(count / sizeOf(count))),
  });
}

function runsOf(count: number, size: number): number[][] {
  return Array.from({ length: Math.ceil(count / size) }, (_, run) =>
    Array.from({ length: Math.min(size, count - run * size) }, (_each, at) => run * size + at),
  );
}
