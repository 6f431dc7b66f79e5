import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Each pair becomes its value. */
export function valuesNode(origin: NodeOrigin, parent: PlanNode): PlanNode {
  return oneToOneNode(origin, parent, planKernel("valuesKernel"));
}

/** Kernel of `valuesNode`. */
export const valuesKernel: RowKernel = {
  kind: "row",
  emit(code) {
    code.output(`${code.value}[1]`);
  },
};
