import type { CapturedFunction } from "@gloam/closure";
import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { pairCheck } from "../pair-code.ts";

/** Each pair `[key, value]` becomes a pair `[key, w]` for each `w` of the iterable `f(value)`. Keeps the partitioner. */
export function flatMapValuesNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("flatMapValuesKernel", [f]), {
    partitioner: parent.partitioner,
    elementwise: true,
  });
}

/** Kernel of `flatMapValuesNode`. */
export const flatMapValuesKernel: RowKernel = {
  kind: "row",
  emit(code) {
    const key = code.local();
    const element = code.local();
    code.line(`const ${key} = ${code.value}[0];`);
    code.line(pairCheck(code, key));
    code.loop(`for (const ${element} of ${code.userFunction(0)}(${code.value}[1])) {`);
    code.output(`[${key}, ${element}]`);
  },
};
