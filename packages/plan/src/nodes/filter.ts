import type { CapturedFunction } from "@gloam/closure";
import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { emitPromiseRefusal } from "../refuse-promise.ts";

/** Keeps the elements for which `f` gives something truthy. Keeps the partitioner. */
export function filterNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("filterKernel", [f]), {
    partitioner: parent.partitioner,
    elementwise: true,
  });
}

/** Kernel of `filterNode`. */
export const filterKernel: RowKernel = {
  kind: "row",
  emit(code) {
    const kept = code.local();
    code.line(`const ${kept} = ${code.userFunction(0)}(${code.value});`);
    code.line(`if (!${kept}) continue;`);
    emitPromiseRefusal(code, kept);
    code.output(code.value);
  },
};
