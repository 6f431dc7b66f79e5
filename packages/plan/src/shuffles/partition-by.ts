import type { PlanNode } from "../node.ts";
import { OperationNode, type NodeOrigin } from "../operation-node.ts";
import { partitionerCount, partitionersEqual, type Partitioner } from "../partitioner.ts";
import { hashShuffle } from "./keyed-input.ts";
import { shuffleKernel } from "./shuffle.ts";

/** The pairs of the parent where the partitioner wants them; the parent itself where they lie so already. */
export function partitionByNode(origin: NodeOrigin, parent: PlanNode, partitioner: Partitioner): PlanNode {
  if (partitionersEqual(parent.partitioner, partitioner)) return parent;
  return new OperationNode(origin, {
    dependencies: [hashShuffle(origin, parent, partitioner)],
    kernel: shuffleKernel("shuffledReader"),
    count: partitionerCount(partitioner),
    partitioner,
  });
}
