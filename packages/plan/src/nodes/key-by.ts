import { TextCutter, wholeText, type CapturedFunction } from "@gloam/closure";
import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Each element becomes `[f(element), element]`. */
export function keyByNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("keyByKernel", [f]), { elementwise: true });
}

/** Kernel of `keyByNode`. */
export const keyByKernel: RowKernel = {
  kind: "row",
  cuts({ textUses: [use] }) {
    if (use?.kind !== "cut" || !TextCutter.isOriginal()) return undefined;
    return new TextCutter({ key: use.cut, value: wholeText });
  },
  emit(code) {
    code.output(`[${code.userFunction(0)}(${code.value}), ${code.value}]`);
  },
};
