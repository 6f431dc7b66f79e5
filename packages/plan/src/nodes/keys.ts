import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import type { Partitioner } from "../partitioner.ts";
import { pairCheck } from "../pair-code.ts";

/** Each pair becomes its key. `partitioner` is that of the keys, where they are pairs themselves. */
export function keysNode(origin: NodeOrigin, parent: PlanNode, partitioner?: Partitioner): PlanNode {
  return oneToOneNode(origin, parent, planKernel("keysKernel"), { partitioner, elementwise: true });
}

/** Kernel of `keysNode`. */
export const keysKernel: RowKernel = {
  kind: "row",
  joins: () => [0],
  emit(code) {
    const key = code.local();
    code.line(`const ${key} = ${code.value}[0];`);
    code.line(pairCheck(code, key));
    code.output(key);
  },
};
