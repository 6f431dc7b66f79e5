import { OperationNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { derivedCount, fixedCount } from "../partition-count.ts";
import type { PlanNode } from "../node.ts";

/** A source with a known number of partitions. */
export function source(origin: NodeOrigin, partitions: number): PlanNode {
  return new OperationNode(origin, {
    dependencies: [],
    kernel: planKernel("parallelizeKernel"),
    count: fixedCount(partitions),
    payload: (partition) => `slice ${partition}`,
  });
}

/** A source that knows its number of partitions once it is prepared, as files do. */
export function unpreparedSource(origin: NodeOrigin, partitions: number): PlanNode & { readonly prepared: number } {
  const state = { prepared: 0 };
  const files = { known: false, value: () => (state.prepared > 0 ? partitions : Number.NaN) };
  const node = new OperationNode(origin, {
    dependencies: [],
    kernel: planKernel("parallelizeKernel"),
    count: derivedCount([files], (count) => count),
    prepare: async () => {
      state.prepared++;
    },
    payload: (partition) => `split ${partition}`,
  });
  return Object.defineProperty(node, "prepared", { get: () => state.prepared }) as never;
}
