import type { CapturedFunction } from "@gloam/closure";
import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Each element becomes the elements of the iterable `f(element)`. */
export function flatMapNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("flatMapKernel", [f]));
}

/** Kernel of `flatMapNode`. */
export const flatMapKernel: RowKernel = {
  kind: "row",
  emit(code) {
    const element = code.local();
    code.loop(`for (const ${element} of ${code.userFunction(0)}(${code.value})) {`);
    code.output(element);
  },
};
