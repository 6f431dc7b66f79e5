import type { CapturedFunction } from "@gloam/closure";
import type { PlanNode } from "../node.ts";
import { OperationNode, type NodeOrigin } from "../operation-node.ts";
import type { PartitionCount } from "../partition-count.ts";
import { rangePartitioner } from "../partitioner.ts";
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
