import { joinsAsEver, readsNumbersAsBuilt, TextCutter, type CapturedFunction } from "@gloam/closure";
import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Each element becomes `f(element)`. */
export function mapNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("mapKernel", [f]), { elementwise: true });
}

/** Kernel of `mapNode`. */
export const mapKernel: RowKernel = {
  kind: "row",
  ofTexts({ textUses: [use] }) {
    return use?.kind === "numbers" ? "elements" : use?.kind === "key" ? "keyedTexts" : undefined;
  },
  cuts({ textUses: [use] }) {
    return use?.kind === "cuts" && TextCutter.isOriginal() ? new TextCutter(use.cuts) : undefined;
  },
  joins({ textUses: [use] }) {
    return use?.kind === "joined" && joinsAsEver() ? use.parts : undefined;
  },
  numbersOfTexts({ textUses: [use] }) {
    return use?.kind === "numbers" && use.whole !== undefined && readsNumbersAsBuilt() ? use.whole : undefined;
  },
  emit(code, { textUses: [use] }) {
    const { text } = code;
    if (text !== undefined && use?.kind === "numbers") code.output(`${code.userFunction(0)}(${text})`);
    else if (text !== undefined && use?.kind === "key") code.outputKeyedText(`${code.userFunction(0)}(${text})`);
    else code.output(`${code.userFunction(0)}(${code.value})`);
  },
};
