import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/**
 * Each element becomes `[group, element]`, where neighbouring partitions are one of `groups` groups, in their order. The
 * parent has been prepared when it is computed.
 */
export function pairWithGroupNode(origin: NodeOrigin, parent: PlanNode, groups: number): PlanNode {
  return oneToOneNode(origin, parent, planKernel("pairWithGroupKernel"), {
    payload: (partition) => Math.floor((partition * groups) / parent.partitionCount()),
  });
}

/** Kernel of `pairWithGroupNode`; the payload is the group. */
export const pairWithGroupKernel: RowKernel = {
  kind: "row",
  emit(code, context) {
    code.output(`[${code.constant(context.payload)}, ${code.value}]`);
  },
};
