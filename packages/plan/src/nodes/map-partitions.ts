import type { CapturedFunction } from "@gloam/closure";
import { gathered } from "../gathered-reader.ts";
import type { BatchReader, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { refusePromise } from "../refuse-promise.ts";
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

/** Calls `f(iterator)` for each partition, for its effects; gives no elements. */
export function forEachPartitionNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction): PlanNode {
  return oneToOneNode(origin, parent, planKernel("mapPartitionsKernel", [f], { indexed: false, forEffects: true }));
}

/** Data of the kernel. */
interface Calling {
  readonly indexed: boolean;
  /** What the function gives is no elements. */
  readonly forEffects?: boolean;
}

/** Kernel of `mapPartitionsNode` and `forEachPartitionNode`. */
export const mapPartitionsKernel: ReaderKernel = {
  kind: "reader",
  open(context, [input]): BatchReader {
    const { functions, data, partition } = context;
    const f = functions[0] as (...values: unknown[]) => Iterable<unknown>;
    const source = gathered(input!.open());
    const elements = new RowIterator(source);
    const { indexed, forEffects = false } = data as Calling;
    const call = indexed ? () => f(partition, elements) : () => f(elements);
    const run = forEffects ? () => readGenerator(call()) : call;
    return new CalledPartition([source], run, () => context.checkCancelled());
  },
};

/** A generator does nothing before it is read. */
function readGenerator(result: unknown): [] {
  refusePromise(result);
  const generator = result as Iterator<unknown> | undefined | null;
  if (typeof generator?.next === "function") while (generator.next().done !== true);
  return [];
}
