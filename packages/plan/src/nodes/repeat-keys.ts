import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Each pair `[key, times]` becomes the key, so many times; never where that is below 1. */
export function repeatKeysNode(origin: NodeOrigin, parent: PlanNode): PlanNode {
  return oneToOneNode(origin, parent, planKernel("repeatKeysKernel"));
}

/** Kernel of `repeatKeysNode`. */
export const repeatKeysKernel: RowKernel = {
  kind: "row",
  emit(code) {
    const [key, times] = [code.local(), code.local()];
    code.line(`const ${key} = ${code.value}[0];`);
    code.loop(`for (let ${times} = ${code.value}[1]; ${times} > 0; ${times}--) {`);
    code.output(key);
  },
};
