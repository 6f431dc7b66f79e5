import type { PlanNode } from "../node.ts";
import { OperationNode, type NodeOrigin } from "../operation-node.ts";
import { partitionerCount, type Partitioner } from "../partitioner.ts";
import { keyedInput } from "./keyed-input.ts";
import { shuffleKernel } from "./shuffle.ts";

/** Which keys a join keeps: those of both sides, of all of one side, or of either. */
export type JoinKind = "inner" | "left" | "right" | "full";

/** `[key, [left, right]]` for each pair of values of a key; a missing side is undefined. */
export function joinNode(
  origin: NodeOrigin,
  left: PlanNode,
  right: PlanNode,
  join: JoinKind,
  partitioner: Partitioner,
): PlanNode {
  // What comes of the right side's own rows comes once.
  const streamed = join === "inner" || join === "left";
  return new OperationNode(origin, {
    dependencies: [keyedInput(origin, left, partitioner, { streamed }), keyedInput(origin, right, partitioner)],
    kernel: shuffleKernel("joinReader", {}, { join }),
    count: partitionerCount(partitioner),
    partitioner,
  });
}
