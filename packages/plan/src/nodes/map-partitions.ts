import type { CapturedFunction } from "@gloam/closure";
import { gathered } from "../gathered-reader.ts";
import type { BatchReader, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { CalledPartition } from "./called-partition.ts";
import { RowIterator } from "./row-iterator.ts";

/** Each partition becomes the elements of `f(iterator)`, or of `f(partition, iterator)` where `indexed`. */
export function mapPartitionsNode(
  origin: NodeOrigin,
  parent: PlanNode,
  f: CapturedFunction,
  options: { readonly indexed: boolean; readonly preservesPartitioning: boolean },
): PlanNode {
  return oneToOneNode(origin, parent, planKernel("mapPartitionsKernel", [f], { indexed: options.indexed }), {
    partitioner: options.preservesPartitioning ? parent.partitioner : undefined,
    orderSensitive: true,
  });
}

/** Kernel of `mapPartitionsNode`. */
export const mapPartitionsKernel: ReaderKernel = {
  kind: "reader",
  open(context, [input]): BatchReader {
    const { functions, data, partition } = context;
    const f = functions[0] as (...values: unknown[]) => Iterable<unknown>;
    const source = gathered(input!.open());
    const elements = new RowIterator(source);
    const call = (data as { indexed: boolean }).indexed ? () => f(partition, elements) : () => f(elements);
    return new CalledPartition([source], call, () => context.checkCancelled());
  },
};
