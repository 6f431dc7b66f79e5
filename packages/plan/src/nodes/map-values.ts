import type { CapturedFunction } from "@gloam/closure";
import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { pairCheck } from "../pair-code.ts";

/** Each pair `[key, value]` becomes `[key, f(value)]`. Keeps the partitioner. */
export function mapValuesNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("mapValuesKernel", [f]), {
    partitioner: parent.partitioner,
    elementwise: true,
  });
}

/** Kernel of `mapValuesNode`. */
export const mapValuesKernel: RowKernel = {
  kind: "row",
  emit(code) {
    const key = code.local();
    code.line(`const ${key} = ${code.value}[0];`);
    code.line(pairCheck(code, key));
    code.output(`[${key}, ${code.userFunction(0)}(${code.value}[1])]`);
  },
};
