import { rowsOfBatch } from "../rows-of-batch.ts";
import type { BatchReader, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { gathered } from "../gathered-reader.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";

/** Each partition becomes one element: the array of its elements. */
export function glomNode(origin: NodeOrigin, parent: PlanNode): PlanNode {
  return oneToOneNode(origin, parent, planKernel("glomKernel"), { orderSensitive: true });
}

/** Kernel of `glomNode`. */
export const glomKernel: ReaderKernel = {
  kind: "reader",
  open(context, [input]): BatchReader {
    const source = gathered(input!.open());
    let done = false;
    return {
      next() {
        if (done) return undefined;
        done = true;
        const elements: unknown[] = [];
        for (let batch = source.next(); batch !== undefined; batch = source.next()) {
          const rows = rowsOfBatch(batch);
          for (let i = 0; i < batch.length; i++) elements.push(rows[i]);
          context.checkCancelled();
        }
        return { length: 1, rows: [elements] };
      },
      close: () => source.close?.(),
      ...(source.ready === undefined ? {} : { ready: () => source.ready?.() }),
    };
  },
};
