import type { CapturedFunction } from "@gloam/closure";
import type { Dependency, PlanNode } from "../node.ts";
import { oneToOne, OperationNode, type NodeOrigin } from "../operation-node.ts";
import { partitionerCount, partitionersEqual, type Partitioner } from "../partitioner.ts";
import { partitionRole } from "./keyed-input.ts";
import { Shuffle, shuffleKernel } from "./shuffle.ts";

/**
 * `[key, value]` for each key of any of several parents of pairs, `merge` adding two values, of the same parent or not. Like
 * `combineByKeyNode` of their union, but each parent's own loop ends in its shuffle.
 */
export function combineInputsNode(
  origin: NodeOrigin,
  parents: readonly PlanNode[],
  merge: CapturedFunction,
  partitioner: Partitioner,
): PlanNode {
  return new OperationNode(origin, {
    dependencies: parents.map((parent) => combinedInput(origin, parent, { mergeValue: merge }, partitioner)),
    kernel: shuffleKernel("combineReader", { mergeCombiners: merge }, { mapSide: true }),
    count: partitionerCount(partitioner),
    partitioner,
  });
}

/**
 * Pairs where the partitioner wants them, of which each map task has made one for each key; without `mergeValue` the first one stays.
 * As they are where they lie so already.
 */
export function combinedInput(
  origin: NodeOrigin,
  parent: PlanNode,
  roles: { readonly mergeValue?: CapturedFunction },
  partitioner: Partitioner,
): Dependency {
  if (partitionersEqual(parent.partitioner, partitioner)) return oneToOne(parent);
  return new Shuffle(origin.ids.nextShuffle(), parent, partitionerCount(partitioner), (partitions) =>
    shuffleKernel("combineWriter", { ...roles, ...partitionRole(partitioner) }, { partitions }),
  );
}
