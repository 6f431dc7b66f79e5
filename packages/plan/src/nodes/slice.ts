import type { PlanNode } from "../node.ts";
import { LazyNarrowDependency, OperationNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { countOf, derivedCount } from "../partition-count.ts";

/**
 * The partitions `start .. end` of the parent, to the last where `end` is undefined; negative numbers count from the last, as those of
 * `Array.prototype.slice` do.
 */
export function sliceNode(origin: NodeOrigin, parent: PlanNode, start: number, end: number | undefined): PlanNode {
  const before = countOf(parent);
  const first = (count: number): number => place(start, count);
  const last = (count: number): number => Math.max(first(count), end === undefined ? count : place(end, count));
  return new OperationNode(origin, {
    dependencies: [
      new LazyNarrowDependency(parent, () => {
        const count = before.value();
        // Shifted to the left: the parent's partitions before the first belong to no child.
        return { kind: "range", start: -first(count), length: last(count) };
      }),
    ],
    kernel: planKernel("concatenateKernel"),
    count: derivedCount([before], (count) => last(count) - first(count)),
  });
}

function place(given: number, count: number): number {
  return Math.min(count, given < 0 ? Math.max(0, count + given) : given);
}
