import type { CapturedFunction } from "@gloam/closure";
import { gathered } from "../gathered-reader.ts";
import type { BatchReader, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { planKernel, type NodeOrigin } from "../operation-node.ts";
import { CalledPartition } from "./called-partition.ts";
import { equalPartitionsNode } from "./equal-partitions.ts";
import { RowIterator } from "./row-iterator.ts";

/**
 * Partitions of the same number become the elements of `f(iterator, other iterator, ...)`.
 * @throws GloamError `GLOAM_ZIP_UNEQUAL`
 */
export function zipPartitionsNode(
  origin: NodeOrigin,
  parents: readonly PlanNode[],
  f: CapturedFunction,
  preservesPartitioning: boolean,
): PlanNode {
  return equalPartitionsNode(origin, parents, {
    kernel: planKernel("zipPartitionsKernel", [f]),
    partitioner: preservesPartitioning ? parents[0]?.partitioner : undefined,
    orderSensitive: true,
  });
}

/** Kernel of `zipPartitionsNode`. */
export const zipPartitionsKernel: ReaderKernel = {
  kind: "reader",
  open(context, inputs): BatchReader {
    const f = context.functions[0] as (...values: unknown[]) => Iterable<unknown>;
    const sources = inputs.map((input) => gathered(input.open()));
    const iterators = sources.map((source) => new RowIterator(source));
    return new CalledPartition(
      sources,
      () => f(...iterators),
      () => context.checkCancelled(),
    );
  },
};
