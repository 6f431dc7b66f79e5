import { TextSplitter, type CapturedFunction, type Separator } from "@gloam/closure";
import type { RowCode, RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Each element becomes the elements of the iterable `f(element)`. */
export function flatMapNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("flatMapKernel", [f]), { elementwise: true });
}

/** Kernel of `flatMapNode`. */
export const flatMapKernel: RowKernel = {
  kind: "row",
  ofTexts({ textUses: [use] }) {
    return use?.kind === "pieces" && TextSplitter.isOriginal() ? "texts" : undefined;
  },
  emit(code, { textUses: [use] }) {
    const { text } = code;
    if (text !== undefined && use?.kind === "pieces") return emitPieces(code, text, use.separator);
    const element = code.local();
    code.loop(`for (const ${element} of ${code.userFunction(0)}(${code.value})) {`);
    code.output(element);
  },
};

/** Goes through the pieces of a text without calling the function, which would only split it. */
function emitPieces(code: RowCode, text: string, separator: Separator): void {
  const splitter = new TextSplitter(separator);
  const pieces = code.constant(splitter);
  code.line(`${pieces}.begin(${text});`);
  code.loop(`while (${pieces}.next()) {`);
  code.outputText(code.constant(splitter.piece));
}
