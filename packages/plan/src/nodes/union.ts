import type { Dependency, PlanNode } from "../node.ts";
import { LazyNarrowDependency, oneToOne, OperationNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { countOf, derivedCount, fixedCount } from "../partition-count.ts";
import { partitionersEqual } from "../partitioner.ts";

/**
 * The elements of all parents: their partitions side by side. Co-partitioned parents are laid over each other instead, and
 * the result keeps their partitioner.
 */
export function unionNode(origin: NodeOrigin, parents: readonly PlanNode[]): PlanNode {
  const [first] = parents;
  const kernel = planKernel("concatenateKernel");
  if (first === undefined) return new OperationNode(origin, { dependencies: [], kernel, count: fixedCount(0) });
  if (parents.every((parent) => partitionersEqual(parent.partitioner, first.partitioner))) {
    const { partitioner } = first;
    return new OperationNode(origin, {
      dependencies: parents.map(oneToOne),
      kernel,
      count: countOf(first),
      partitioner,
    });
  }
  const counts = parents.map(countOf);
  let starts: readonly number[] | undefined;
  return new OperationNode(origin, {
    dependencies: parents.map(
      (parent, index): Dependency =>
        new LazyNarrowDependency(parent, () => {
          starts ??= runningSums(counts.map((each) => each.value()));
          return { kind: "range", start: starts[index] ?? 0, length: parent.partitionCount() };
        }),
    ),
    kernel,
    count: derivedCount(counts, (...all) => all.reduce((sum, count) => sum + count, 0)),
  });
}

function runningSums(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => (sum += value) - value);
}
