import { encodeValue } from "@gloam/arrow";
import type { CapturedFunction } from "@gloam/closure";
import type { PlanNode } from "../node.ts";
import { OperationNode, type NodeOrigin } from "../operation-node.ts";
import { countOf, type PartitionCount } from "../partition-count.ts";
import { partitionerCount, rangePartitioner, type Partitioner } from "../partitioner.ts";
import { keyedInput } from "./keyed-input.ts";
import { Shuffle, shuffleKernel } from "./shuffle.ts";

/** In which order: that of keys, or the user's own. */
export interface Sorting {
  readonly ascending: boolean;
  readonly compare?: CapturedFunction | undefined;
}

/**
 * The pairs of the parent in the order of their keys, equal keys in the parent's order. No job is needed before: map tasks
 * write sorted runs with a sketch of their keys, and every reducer derives the same bounds from all sketches.
 */
export function sortByKeyNode(
  origin: NodeOrigin,
  parent: PlanNode,
  { ascending, compare }: Sorting,
  count: PartitionCount,
): PlanNode {
  const shuffle = origin.ids.nextShuffle();
  return new OperationNode(origin, {
    dependencies: [
      new Shuffle(
        shuffle,
        parent,
        count,
        (partitions) => shuffleKernel("sortWriter", { compare }, { partitions, ascending }),
        // The bounds of the ranges follow from sketches of the map outputs.
        { orderSensitive: true },
      ),
    ],
    kernel: shuffleKernel("sortReader", { compare }, { ascending }),
    count,
    partitioner: rangePartitioner(count, shuffle),
  });
}

/** The pairs of the parent where the partitioner wants them, each partition in the order of its keys. */
export function sortWithinPartitionsNode(
  origin: NodeOrigin,
  parent: PlanNode,
  { ascending, compare }: Sorting,
  partitioner: Partitioner,
): PlanNode {
  return new OperationNode(origin, {
    dependencies: [keyedInput(origin, parent, partitioner)],
    kernel: shuffleKernel("sortPartitionReader", { compare }, { ascending }),
    count: partitionerCount(partitioner),
    partitioner,
  });
}

/**
 * A sorted node that reads of its shuffle no more than can have keys from `lower` to `upper`; others may come too. Undefined for any
 * other node, and where the user's comparison sorted.
 */
export function sortedRangeNode(
  origin: NodeOrigin,
  sorted: PlanNode,
  lower: unknown,
  upper: unknown,
): PlanNode | undefined {
  const { kernel, dependencies, partitioner } = sorted;
  if (kernel.package !== "@gloam/shuffle" || kernel.export !== "sortReader" || kernel.functions.length > 0)
    return undefined;
  const data = kernel.data as { readonly ascending: boolean };
  const span = data.ascending ? { first: lower, last: upper } : { first: upper, last: lower };
  return new OperationNode(origin, {
    dependencies,
    kernel: { ...kernel, data: { ...data, only: encodeValue(span, { name: "a bound" }) } },
    count: countOf(sorted),
    partitioner,
  });
}
