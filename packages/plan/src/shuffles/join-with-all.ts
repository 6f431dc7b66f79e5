import type { PlanNode } from "../node.ts";
import { LazyNarrowDependency, oneToOne, OperationNode, type NodeOrigin } from "../operation-node.ts";
import { countOf, fixedCount } from "../partition-count.ts";
import { hashPartitioner } from "../partitioner.ts";
import { partitionByNode } from "./partition-by.ts";
import { shuffleKernel } from "./shuffle.ts";

/**
 * `[key, [left, right]]` for each pair of values of a key that both have, where the left's partitions lie: the right is put together
 * once, and read as a whole by every task. Keeps the left's partitioner.
 */
export function joinWithAllNode(origin: NodeOrigin, left: PlanNode, right: PlanNode): PlanNode {
  const whole = partitionByNode(origin, right, hashPartitioner(fixedCount(1)));
  const count = countOf(left);
  return new OperationNode(origin, {
    dependencies: [
      oneToOne(left),
      new LazyNarrowDependency(whole, () => ({
        kind: "groups",
        groups: Array.from({ length: count.value() }, () => [0]),
      })),
    ],
    kernel: shuffleKernel("joinReader", {}, { join: "inner" }),
    count,
    partitioner: left.partitioner,
  });
}
