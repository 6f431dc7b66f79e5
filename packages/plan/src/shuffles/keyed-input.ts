import type { Dependency, PlanNode } from "../node.ts";
import { oneToOne, type NodeOrigin } from "../operation-node.ts";
import { partitionerCount, partitionersEqual, type Partitioner } from "../partitioner.ts";
import { Shuffle, shuffleKernel, type ShuffleTraits } from "./shuffle.ts";

/** How an operation reads pairs that have to lie by a partitioner. */
export function keyedInput(
  origin: NodeOrigin,
  parent: PlanNode,
  partitioner: Partitioner,
  traits: ShuffleTraits = {},
): Dependency {
  return partitionersEqual(parent.partitioner, partitioner)
    ? oneToOne(parent)
    : hashShuffle(origin, parent, partitioner, traits);
}

/** A shuffle that puts pairs, as they are, where the partitioner wants their keys. */
export function hashShuffle(
  origin: NodeOrigin,
  parent: PlanNode,
  partitioner: Partitioner,
  traits: ShuffleTraits = {},
): Shuffle {
  return new Shuffle(
    origin.ids.nextShuffle(),
    parent,
    partitionerCount(partitioner),
    (partitions) => shuffleKernel("hashWriter", partitionRole(partitioner), { partitions }),
    traits,
  );
}

/** The role of a custom partitioner's function among a writer's functions. */
export function partitionRole(partitioner: Partitioner) {
  return { partition: partitioner.kind === "custom" ? partitioner.captured : undefined };
}
