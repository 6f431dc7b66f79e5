import { decodeBatches, decodeValue, encodeValue } from "@gloam/arrow";
import type { Batch } from "../batch.ts";
import type { BatchReader, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { OperationNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { fixedCount } from "../partition-count.ts";
import { RowsEncoder } from "../rows-encoding.ts";

/** A slice of the elements: a few as one encoded array, many as columns. */
interface Slice {
  readonly columns: boolean;
  readonly bytes: Uint8Array;
}

/** Fewer elements travel as one value: columns cost more than they save. */
const leastForColumns = 256;
const batchLength = 4096;

/**
 * A snapshot of the driver's own elements, cut into `partitions` slices whose lengths differ by one at most.
 * @throws GloamError `GLOAM_VALUE_NOT_SERIALIZABLE`
 */
export function parallelizeNode(origin: NodeOrigin, elements: readonly unknown[], partitions: number): PlanNode {
  const slices = Array.from({ length: partitions }, (_, partition) => {
    const start = Math.floor((partition * elements.length) / partitions);
    const end = Math.floor(((partition + 1) * elements.length) / partitions);
    return encodeSlice(elements.slice(start, end));
  });
  return new OperationNode(origin, {
    dependencies: [],
    kernel: planKernel("parallelizeKernel"),
    count: fixedCount(partitions),
    payload: (partition) => slices[partition],
  });
}

function encodeSlice(elements: readonly unknown[]): Slice {
  if (elements.length < leastForColumns)
    return { columns: false, bytes: encodeValue(elements, { name: "an element", isHolder: true }) };
  const encoder = new RowsEncoder(batchLength);
  encoder.append(elements);
  return { columns: true, bytes: encoder.finish() };
}

/** Kernel of `parallelizeNode`; the payload is the slice. */
export const parallelizeKernel: ReaderKernel = {
  kind: "reader",
  open(context): BatchReader {
    const batches = batchesOf(context.payload as Slice);
    let at = 0;
    return { next: () => batches[at++] };
  },
};

function batchesOf({ columns, bytes }: Slice): Batch[] {
  if (columns) return decodeBatches(bytes).map((batch) => ({ length: batch.length, columns: batch }));
  const rows = decodeValue(bytes) as readonly unknown[];
  return [{ length: rows.length, rows }];
}
