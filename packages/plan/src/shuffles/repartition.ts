import type { PlanNode } from "../node.ts";
import { OperationNode, type NodeOrigin } from "../operation-node.ts";
import { fixedCount } from "../partition-count.ts";
import { Shuffle, shuffleKernel } from "./shuffle.ts";

/** The elements of the parent dealt out evenly over exactly `partitions` partitions. */
export function repartitionNode(origin: NodeOrigin, parent: PlanNode, partitions: number): PlanNode {
  const count = fixedCount(partitions);
  return new OperationNode(origin, {
    dependencies: [
      new Shuffle(
        origin.ids.nextShuffle(),
        parent,
        count,
        () => shuffleKernel("roundRobinWriter", {}, { partitions }),
        // An element's place depends on how many came before it.
        { orderSensitive: true },
      ),
    ],
    kernel: shuffleKernel("shuffledReader"),
    count,
  });
}
