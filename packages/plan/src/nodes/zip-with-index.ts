import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/**
 * Each element becomes `[element, index]`. With more than one partition the elements of all but the last have to be
 * counted first: `count` runs that job and gives the number of elements of each of the partitions asked for.
 */
export function zipWithIndexNode(
  origin: NodeOrigin,
  parent: PlanNode,
  count: (node: PlanNode, partitions: readonly number[], signal: AbortSignal) => Promise<readonly number[]>,
): PlanNode {
  let starts: readonly number[] = [];
  return oneToOneNode(origin, parent, planKernel("zipWithIndexKernel"), {
    orderSensitive: true,
    async prepare(signal) {
      const others = Array.from({ length: Math.max(0, parent.partitionCount() - 1) }, (_, partition) => partition);
      const counts = others.length === 0 ? [] : await count(parent, others, signal);
      let start = 0;
      starts = [0, ...counts.map((elements) => (start += elements))];
    },
    payload: (partition) => starts[partition],
  });
}

/** Kernel of `zipWithIndexNode`; the payload is the index of the partition's first element. */
export const zipWithIndexKernel: RowKernel = {
  kind: "row",
  emit(code, context) {
    const index = code.variable(code.constant(context.payload));
    code.output(`[${code.value}, ${index}++]`);
  },
};
