import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Each element becomes `[element, constant]`. */
export function pairWithNode(origin: NodeOrigin, parent: PlanNode, constant: number | null): PlanNode {
  return oneToOneNode(origin, parent, planKernel("pairWithKernel", [], constant), { elementwise: true });
}

/** Kernel of `pairWithNode`; data is the constant. */
export const pairWithKernel: RowKernel = {
  kind: "row",
  ofTexts: () => "keyedTexts",
  emit(code, context) {
    if (code.text === undefined) code.output(`[${code.value}, ${String(context.data)}]`);
    else code.outputKeyedText(`[${code.text}, ${String(context.data)}]`);
  },
};
