import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Each pair becomes its key. */
export function keysNode(origin: NodeOrigin, parent: PlanNode): PlanNode {
  return oneToOneNode(origin, parent, planKernel("keysKernel"));
}

/** Kernel of `keysNode`. */
export const keysKernel: RowKernel = {
  kind: "row",
  emit(code) {
    code.output(`${code.value}[0]`);
  },
};
