import { decodeValue, encodeValue } from "@gloam/arrow";
import type { BatchReader, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { OperationNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { fixedCount } from "../partition-count.ts";

/**
 * A snapshot of the driver's own elements, cut into `partitions` slices whose lengths differ by one at most.
 * @throws GloamError `GLOAM_VALUE_NOT_SERIALIZABLE`
 */
export function parallelizeNode(origin: NodeOrigin, elements: readonly unknown[], partitions: number): PlanNode {
  const slices = Array.from({ length: partitions }, (_, partition) => {
    const start = Math.floor((partition * elements.length) / partitions);
    const end = Math.floor(((partition + 1) * elements.length) / partitions);
    return encodeValue(elements.slice(start, end));
  });
  return new OperationNode(origin, {
    dependencies: [],
    kernel: planKernel("parallelizeKernel"),
    count: fixedCount(partitions),
    payload: (partition) => slices[partition],
  });
}

/** Kernel of `parallelizeNode`; the payload is the encoded slice. */
export const parallelizeKernel: ReaderKernel = {
  kind: "reader",
  open(context): BatchReader {
    let slice: Uint8Array | undefined = context.payload as Uint8Array;
    return {
      next() {
        if (slice === undefined) return undefined;
        const rows = decodeValue(slice) as readonly unknown[];
        slice = undefined;
        return { length: rows.length, rows };
      },
    };
  },
};
