import type { PlanNode } from "../node.ts";
import { OperationNode, type NodeOrigin } from "../operation-node.ts";
import { partitionerCount, type Partitioner } from "../partitioner.ts";
import { keyedInput } from "./keyed-input.ts";
import { shuffleKernel } from "./shuffle.ts";

/** `[key, [values of the first parent, values of the second, ...]]` for each key of any parent. */
export function cogroupNode(origin: NodeOrigin, parents: readonly PlanNode[], partitioner: Partitioner): PlanNode {
  return new OperationNode(origin, {
    dependencies: parents.map((parent) => keyedInput(origin, parent, partitioner)),
    kernel: shuffleKernel("cogroupReader"),
    count: partitionerCount(partitioner),
    partitioner,
  });
}
