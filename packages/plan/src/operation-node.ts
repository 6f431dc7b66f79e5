import type { CallSite } from "@gloam/common";
import type { CapturedFunction } from "@gloam/closure";
import type { KernelDescription } from "./kernel.ts";
import { countOf, fixedCount, type Counted, type PartitionCount } from "./partition-count.ts";
import type {
  Dependency,
  Determinism,
  NarrowDependency,
  NarrowMapping,
  NodeId,
  PlanNode,
  ShuffleId,
  TaskResources,
} from "./node.ts";
import type { Partitioner } from "./partitioner.ts";

/** Gives nodes and shuffles their identities within one driver. */
export interface PlanIds {
  nextNode(): NodeId;
  nextShuffle(): ShuffleId;
}

/** Where a node comes from: shared by all nodes that one call of an operation makes. */
export interface NodeOrigin {
  /** The operation's name as the user called it. */
  readonly operation: string;
  readonly callSite: CallSite | undefined;
  readonly ids: PlanIds;
}

/** What distinguishes one node from another. */
export interface NodeParts {
  readonly dependencies: readonly Dependency[];
  readonly kernel: KernelDescription;
  readonly count: PartitionCount;
  readonly partitioner?: Partitioner | undefined;
  readonly orderSensitive?: boolean | undefined;
  readonly elementwise?: boolean | undefined;
  readonly barrier?: boolean | undefined;
  readonly resources?: TaskResources | undefined;
  readonly prepare?: ((signal: AbortSignal) => Promise<void>) | undefined;
  readonly payload?: ((partition: number) => unknown) | undefined;
}

/** How a node gives its partitions where it needs no other any more. */
export interface SourceParts {
  readonly kernel: KernelDescription;
  readonly payload?: ((partition: number) => unknown) | undefined;
}

/** A node that an operation made. It changes once at most, where a checkpoint makes a source of it. */
export class OperationNode implements PlanNode, Counted {
  readonly id: NodeId;
  readonly operation: string;
  readonly callSite: CallSite | undefined;
  dependencies: readonly Dependency[];
  kernel: KernelDescription;
  count: PartitionCount;
  readonly partitioner: Partitioner | undefined;
  readonly determinism: Determinism = "determinate";
  orderSensitive: boolean | undefined;
  prepare: ((signal: AbortSignal) => Promise<void>) | undefined;
  payload: ((partition: number) => unknown) | undefined;
  elementwise: boolean | undefined;
  barrier: boolean | undefined;
  resources: TaskResources | undefined;

  constructor(origin: NodeOrigin, parts: NodeParts) {
    this.id = origin.ids.nextNode();
    this.operation = origin.operation;
    this.callSite = origin.callSite;
    this.dependencies = parts.dependencies;
    this.kernel = parts.kernel;
    this.count = parts.count;
    this.partitioner = parts.partitioner;
    this.orderSensitive = parts.orderSensitive;
    this.elementwise = parts.elementwise;
    this.barrier = parts.barrier;
    this.resources = parts.resources;
    this.prepare = parts.prepare;
    this.payload = parts.payload;
  }

  partitionCount(): number {
    return this.count.value();
  }

  /** Makes a source of it, with the same elements in the same partitions. It has been prepared, and no job goes by what it was. */
  becomeSource({ kernel, payload }: SourceParts): void {
    this.count = fixedCount(this.partitionCount());
    this.dependencies = [];
    this.kernel = kernel;
    this.payload = payload;
    this.prepare = undefined;
    this.orderSensitive = undefined;
    // Whatever its partitions were computed with, they are only read now.
    this.elementwise = undefined;
    this.barrier = undefined;
    this.resources = undefined;
  }
}

/** A node whose partitions each come from the same partition of one parent. */
export function oneToOneNode(
  origin: NodeOrigin,
  parent: PlanNode,
  kernel: KernelDescription,
  parts: Partial<NodeParts> = {},
): OperationNode {
  return new OperationNode(origin, { dependencies: [oneToOne(parent)], kernel, count: countOf(parent), ...parts });
}

/** Each partition of the child needs the same partition of the parent. */
export function oneToOne(parent: PlanNode): NarrowDependency {
  return { kind: "narrow", parent, mapping: { kind: "oneToOne" } };
}

/** A narrow dependency whose mapping follows from partition counts that are known only after preparation. */
export class LazyNarrowDependency implements NarrowDependency {
  readonly kind = "narrow";
  readonly parent: PlanNode;
  readonly #make: () => NarrowMapping;
  #mapping: NarrowMapping | undefined;

  constructor(parent: PlanNode, make: () => NarrowMapping) {
    this.parent = parent;
    this.#make = make;
  }

  get mapping(): NarrowMapping {
    return (this.#mapping ??= this.#make());
  }
}

/** Describes a kernel of this package. */
export function planKernel(
  name: string,
  functions: readonly CapturedFunction[] = [],
  data?: unknown,
): KernelDescription {
  return { package: "@gloam/plan", export: name, functions, ...(data === undefined ? {} : { data }) };
}
