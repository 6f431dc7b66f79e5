import type { CapturedFunction } from "@gloam/closure";
import { gathered } from "../gathered-reader.ts";
import type { BatchReader, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { runningTask } from "../running-task.ts";
import { RowIterator } from "./row-iterator.ts";

/** Each partition becomes one element: what `f(iterator, taskContext)` gives. */
export function callPartitionNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("callPartitionKernel", [f]), { orderSensitive: true });
}

/** Kernel of `callPartitionNode`. */
export const callPartitionKernel: ReaderKernel = {
  kind: "reader",
  open(context, [input]): BatchReader {
    const source = gathered(input!.open());
    const f = context.functions[0] as (...values: unknown[]) => unknown;
    let isDone = false;
    return {
      next() {
        if (isDone) return undefined;
        isDone = true;
        return { length: 1, rows: [f(new RowIterator(source), runningTask())] };
      },
      close: () => source.close?.(),
      ...(source.ready === undefined ? {} : { ready: () => source.ready?.() }),
    };
  },
};
