import { pureFunction } from "@gloam/closure";
import type { PlanNode } from "../node.ts";
import { mapValuesNode } from "../nodes/map-values.ts";
import { OperationNode, type NodeOrigin } from "../operation-node.ts";
import { partitionerCount, type Partitioner } from "../partitioner.ts";
import { combinedInput } from "./combine-inputs.ts";
import { keyedInput } from "./keyed-input.ts";
import { shuffleKernel } from "./shuffle.ts";

/** The pairs of the left whose keys the right has not. Of the right, the keys alone are shuffled, each once for a map task. */
export function subtractByKeyNode(
  origin: NodeOrigin,
  left: PlanNode,
  right: PlanNode,
  partitioner: Partitioner,
): PlanNode {
  const keys = mapValuesNode(
    origin,
    right,
    pureFunction(() => 0),
  );
  return new OperationNode(origin, {
    dependencies: [keyedInput(origin, left, partitioner), combinedInput(origin, keys, {}, partitioner)],
    kernel: shuffleKernel("joinReader", {}, { join: "anti" }),
    count: partitionerCount(partitioner),
    partitioner,
  });
}
