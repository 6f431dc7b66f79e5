import type { CapturedFunction } from "@gloam/closure";
import { GloamError } from "@gloam/common";
import { gathered } from "../gathered-reader.ts";
import type { BatchReader, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { runningTask } from "../running-task.ts";
import { CalledPartition } from "./called-partition.ts";
import { RowIterator } from "./row-iterator.ts";

/** Each partition becomes the elements of `f(iterator, barrierContext)`, all partitions at once. */
export function barrierMapPartitionsNode(
  origin: NodeOrigin,
  parent: PlanNode,
  f: CapturedFunction,
  options: { readonly preservesPartitioning: boolean },
): PlanNode {
  return oneToOneNode(origin, parent, planKernel("barrierMapPartitionsKernel", [f]), {
    partitioner: options.preservesPartitioning ? parent.partitioner : undefined,
    orderSensitive: true,
    barrier: true,
  });
}

/** Kernel of `barrierMapPartitionsNode`. */
export const barrierMapPartitionsKernel: ReaderKernel = {
  kind: "reader",
  open(context, [input]): BatchReader {
    const task = runningTask();
    const barrier = task?.barrier;
    if (task === undefined || barrier === undefined)
      throw new GloamError("GLOAM_INTERNAL", "a barrier's task runs without the others");
    const f = context.functions[0] as (...values: unknown[]) => Iterable<unknown>;
    const source = gathered(input!.open());
    const call = () => f(new RowIterator(source), barrier);
    const elements = new CalledPartition([source], call, () => context.checkCancelled());
    task.onTaken?.(() => elements.drain());
    return elements;
  },
};
