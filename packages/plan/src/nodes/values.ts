import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { pairCheck } from "../pair-code.ts";

/** Each pair becomes its value. */
export function valuesNode(origin: NodeOrigin, parent: PlanNode): PlanNode {
  return oneToOneNode(origin, parent, planKernel("valuesKernel"), { elementwise: true });
}

/** Kernel of `valuesNode`. */
export const valuesKernel: RowKernel = {
  kind: "row",
  joins: () => [1],
  emit(code) {
    const value = code.local();
    code.line(`const ${value} = ${code.value}[1];`);
    code.line(pairCheck(code, value));
    code.output(value);
  },
};
