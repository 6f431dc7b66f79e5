import type { CapturedFunction } from "@gloam/closure";
import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Each pair `[a, b]` becomes `f(a, b)`. */
export function mapPairsNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("mapPairsKernel", [f]));
}

/** Kernel of `mapPairsNode`. */
export const mapPairsKernel: RowKernel = {
  kind: "row",
  emit(code) {
    code.output(`${code.userFunction(0)}(${code.value}[0], ${code.value}[1])`);
  },
};
