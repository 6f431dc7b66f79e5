import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Each element becomes `[element, id]`: of n partitions, the one with the number p gives p, p + n, p + 2n and so on. */
export function zipWithUniqueIdNode(origin: NodeOrigin, parent: PlanNode): PlanNode {
  return oneToOneNode(origin, parent, planKernel("zipWithUniqueIdKernel"), {
    orderSensitive: true,
    payload: () => parent.partitionCount(),
  });
}

/** Kernel of `zipWithUniqueIdNode`; the payload is the number of partitions. */
export const zipWithUniqueIdKernel: RowKernel = {
  kind: "row",
  emit(code, context) {
    const partitions = context.payload as number;
    const id = code.variable(code.constant(context.partition - partitions));
    code.output(`[${code.value}, ${id} += ${code.constant(partitions)}]`);
  },
};
