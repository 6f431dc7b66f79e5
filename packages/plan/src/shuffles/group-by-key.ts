import type { PlanNode } from "../node.ts";
import { OperationNode, type NodeOrigin } from "../operation-node.ts";
import { partitionerCount, type Partitioner } from "../partitioner.ts";
import { keyedInput } from "./keyed-input.ts";
import { shuffleKernel } from "./shuffle.ts";

/** `[key, values]` for each key of a parent of pairs, the values in the parent's order. */
export function groupByKeyNode(origin: NodeOrigin, parent: PlanNode, partitioner: Partitioner): PlanNode {
  return new OperationNode(origin, {
    dependencies: [keyedInput(origin, parent, partitioner)],
    kernel: shuffleKernel("groupReader"),
    count: partitionerCount(partitioner),
    partitioner,
  });
}
