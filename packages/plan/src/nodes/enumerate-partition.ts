import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Pairs each element with the number of its partition. */
export function enumeratePartitionNode(origin: NodeOrigin, parent: PlanNode): PlanNode {
  return oneToOneNode(origin, parent, planKernel("enumeratePartitionKernel"));
}

/** Kernel of `enumeratePartitionNode`. */
export const enumeratePartitionKernel: RowKernel = {
  kind: "row",
  emit(code, context) {
    code.output(`[${code.constant(context.partition)}, ${code.value}]`);
  },
};
