import type { PlanNode } from "../node.ts";
import { LazyNarrowDependency, OperationNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { countOf, derivedCount } from "../partition-count.ts";

/** At most `partitions` partitions: each takes several neighbouring ones of the parent, one after the other. */
export function coalesceNode(origin: NodeOrigin, parent: PlanNode, partitions: number): PlanNode {
  const before = countOf(parent);
  const count = derivedCount([before], (parents) => Math.min(partitions, parents));
  return new OperationNode(origin, {
    dependencies: [
      new LazyNarrowDependency(parent, () => ({ kind: "groups", groups: neighbours(before.value(), count.value()) })),
    ],
    kernel: planKernel("concatenateKernel"),
    count,
  });
}

/** Cuts `0 .. from` into `to` runs whose lengths differ by one at most. */
function neighbours(from: number, to: number): number[][] {
  const groups: number[][] = Array.from({ length: to }, () => []);
  for (let partition = 0; partition < from; partition++) groups[groupOf(partition, from, to)]?.push(partition);
  return groups;
}

/** The run that holds a partition: the last one that begins at or before it. */
function groupOf(partition: number, from: number, to: number): number {
  return Math.ceil(((partition + 1) * to) / from) - 1;
}
