import type { BatchReader, KernelContext, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { OperationNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { fixedCount } from "../partition-count.ts";

interface Range {
  readonly start: number;
  readonly step: number;
  readonly length: number;
  readonly partitions: number;
}

/** The numbers `start`, `start + step`, ... below `end` (above it where `step` is negative), made where they are used. */
export function rangeNode(
  origin: NodeOrigin,
  bounds: { readonly start: number; readonly end: number; readonly step: number },
  partitions: number,
): PlanNode {
  const { start, end, step } = bounds;
  const range: Range = { start, step, length: Math.max(0, Math.ceil((end - start) / step)), partitions };
  return new OperationNode(origin, {
    dependencies: [],
    kernel: planKernel("rangeKernel", [], range),
    count: fixedCount(partitions),
  });
}

const batchLength = 4096;

/** Kernel of `rangeNode`: batches of one number column, an array that is filled anew each time. */
export const rangeKernel: ReaderKernel = {
  kind: "reader",
  open(context: KernelContext): BatchReader {
    const { start, step, length, partitions } = context.data as Range;
    let at = Math.floor((context.partition * length) / partitions);
    const end = Math.floor(((context.partition + 1) * length) / partitions);
    if (isInt32(start) && isInt32(step) && isInt32(start + (length - 1) * step)) {
      const values = new Int32Array(Math.min(batchLength, end - at));
      return {
        next() {
          const count = Math.min(batchLength, end - at);
          if (count <= 0) return undefined;
          let value = start + at * step;
          for (let i = 0; i < count; i++, value += step) values[i] = value;
          at += count;
          return { length: count, columns: { length: count, column: { kind: "int32", values } } };
        },
      };
    }
    const values = new Float64Array(Math.min(batchLength, end - at));
    return {
      next() {
        const count = Math.min(batchLength, end - at);
        if (count <= 0) return undefined;
        for (let i = 0; i < count; i++) values[i] = start + (at + i) * step;
        at += count;
        return { length: count, columns: { length: count, column: { kind: "float64", values } } };
      },
    };
  },
};

function isInt32(value: number): boolean {
  return (value | 0) === value;
}
