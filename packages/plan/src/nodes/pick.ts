import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Keeps the elements at some positions of each partition; `positions` gives them, ascending and each once. */
export function pickNode(
  origin: NodeOrigin,
  parent: PlanNode,
  positions: (partition: number) => Float64Array | undefined,
): PlanNode {
  return oneToOneNode(origin, parent, planKernel("pickKernel"), { orderSensitive: true, payload: positions });
}

/** Kernel of `pickNode`; the payload is the positions. Reads no further than the last of them. */
export const pickKernel: RowKernel = {
  kind: "row",
  emit(code, context) {
    const positions = (context.payload as Float64Array | undefined) ?? new Float64Array();
    const wanted = code.constant(positions);
    const at = code.variable("0");
    const found = code.variable("0");
    code.line(`if (${found} === ${code.constant(positions.length)}) ${code.stop}`);
    code.line(`if (${at}++ !== ${wanted}[${found}]) continue;`);
    code.line(`${found}++;`);
    code.output(code.value);
  },
};
