import type { CapturedFunction } from "@gloam/closure";
import type { Dependency, PlanNode } from "../node.ts";
import { oneToOne, OperationNode, type NodeOrigin } from "../operation-node.ts";
import type { OrderedBy } from "../sinks/take-ordered.ts";
import { partitionerCount, partitionersEqual, type Partitioner } from "../partitioner.ts";
import { countOf } from "../partition-count.ts";
import { hashShuffle, partitionRole } from "./keyed-input.ts";
import { Shuffle, shuffleKernel, type FunctionsByRole } from "./shuffle.ts";

/** How the values of a key become one. */
export interface Combining {
  /** Makes a combiner of a key's first value; without it and `zero` the value itself is the combiner. */
  readonly create?: CapturedFunction | undefined;
  /** An encoded value: a key's first combiner is `mergeValue(zero, value)`, with a fresh copy for each key. */
  readonly zero?: Uint8Array | undefined;
  /** Adds a value to a combiner; without it the first one stays. */
  readonly mergeValue?: CapturedFunction | undefined;
  readonly mergeCombiners?: CapturedFunction | undefined;
  /** Instead of functions: a key's combiner is the array of so many of its values, the last of an order first. */
  readonly top?: { readonly limit: number; readonly by: OrderedBy } | undefined;
  /** Whether map tasks combine before they write. */
  readonly mapSide: boolean;
}

/** `[key, combiner]` for each key of a parent of pairs. Without a shuffle where the parent lies by the partitioner already. */
export function combineByKeyNode(
  origin: NodeOrigin,
  parent: PlanNode,
  combining: Combining,
  partitioner: Partitioner,
): PlanNode {
  const { create, mergeValue, mergeCombiners, zero, top } = combining;
  const order = top === undefined ? {} : orderRole(top.by);
  const roles = { create, mergeValue, mergeCombiners, ...order };
  const data = { ...(zero === undefined ? {} : { zero }), ...(top === undefined ? {} : { top: top.limit }) };
  const inPlace = partitionersEqual(parent.partitioner, partitioner);
  const mapSide = combining.mapSide && !inPlace;
  let input: Dependency;
  if (inPlace) input = oneToOne(parent);
  else if (!mapSide) input = hashShuffle(origin, parent, partitioner);
  else {
    input = new Shuffle(origin.ids.nextShuffle(), parent, partitionerCount(partitioner), (partitions) =>
      shuffleKernel("combineWriter", { ...roles, ...partitionRole(partitioner) }, { partitions, ...data }),
    );
  }
  return new OperationNode(origin, {
    dependencies: [input],
    kernel: shuffleKernel("combineReader", roles, { mapSide, ...data }),
    count: partitionerCount(partitioner),
    partitioner,
  });
}

/** Combines the values of each key within each partition alone: a key of several partitions comes from each. */
export function combineWithinNode(origin: NodeOrigin, parent: PlanNode, merge: CapturedFunction): PlanNode {
  return new OperationNode(origin, {
    dependencies: [oneToOne(parent)],
    kernel: shuffleKernel("combineReader", { mergeValue: merge }, { mapSide: false }),
    count: countOf(parent),
  });
}

function orderRole(by: OrderedBy): FunctionsByRole {
  if (by.kind === "element") return {};
  return by.kind === "key" ? { key: by.key } : { compare: by.compare };
}
