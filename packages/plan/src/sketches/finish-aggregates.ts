import type { RowKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { createAggregator, type AggregatorDescription } from "./aggregator.ts";

/** Each pair of a key and an aggregation's sketch becomes the key and what the sketch says. Keeps the partitioner. */
export function finishAggregatesNode(
  origin: NodeOrigin,
  parent: PlanNode,
  aggregator: AggregatorDescription,
): PlanNode {
  return oneToOneNode(origin, parent, planKernel("finishAggregatesKernel", [], aggregator), {
    partitioner: parent.partitioner,
  });
}

/** Kernel of `finishAggregatesNode`; data is the aggregation's description. */
export const finishAggregatesKernel: RowKernel = {
  kind: "row",
  emit(code, context) {
    const aggregator = code.constant(createAggregator(context.data as AggregatorDescription));
    code.output(`[${code.value}[0], ${aggregator}.finish(${code.value}[1])]`);
  },
};
