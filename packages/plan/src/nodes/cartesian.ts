import type { PlanNode } from "../node.ts";
import { LazyNarrowDependency, OperationNode, type NodeOrigin } from "../operation-node.ts";
import { countOf, derivedCount } from "../partition-count.ts";
import { shuffleKernel } from "../shuffles/shuffle.ts";

/**
 * Every pair of an element of the left and one of the right. A partition for each pair of partitions: that of the left's number `i` and
 * the right's `j` is number `i * right's partitions + j`.
 */
export function cartesianNode(origin: NodeOrigin, left: PlanNode, right: PlanNode): PlanNode {
  const [lefts, rights] = [countOf(left), countOf(right)];
  const groups = (parentOf: (child: number) => number) => () => ({
    kind: "groups" as const,
    groups: Array.from({ length: lefts.value() * rights.value() }, (_, child) => [parentOf(child)]),
  });
  return new OperationNode(origin, {
    dependencies: [
      new LazyNarrowDependency(
        left,
        groups((child) => Math.floor(child / rights.value())),
      ),
      new LazyNarrowDependency(
        right,
        groups((child) => child % rights.value()),
      ),
    ],
    kernel: shuffleKernel("cartesianReader"),
    count: derivedCount([lefts, rights], (a, b) => a * b),
  });
}
