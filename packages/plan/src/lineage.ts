import { storageTraits, type LevelOf, type StorageLevel } from "./storage-level.ts";
import type {
  Determinism,
  NarrowMapping,
  NodeId,
  PlanNode,
  ShuffleDependency,
  ShuffleId,
  TaskResources,
} from "./node.ts";

/**
 * The graph of one job as plain data. The scheduler's `JobGraph` has this shape: `plan` may not import it, so the shape is
 * written here once more, and a type test of `core` compares them.
 */
export interface Lineage {
  /** Every node that the final node depends on, ancestors first, the final node last. */
  readonly nodes: readonly LineageNode[];
  readonly final: NodeId;
  /** Partitions of the final node to compute, in the order of the results. */
  readonly partitions: readonly number[];
  /** Whether results of parts of a partition can be joined to that of the whole. */
  readonly joinsPieces?: boolean | undefined;
  /** Whether any node is a barrier's or names resources: otherwise nobody looks for them. */
  readonly hasDemands?: boolean | undefined;
}

/** One node of a job's graph. */
export interface LineageNode {
  readonly id: NodeId;
  readonly partitions: number;
  /** Its partitions are kept as blocks once computed. */
  readonly persisted: boolean;
  /** Executors that shall hold each of its blocks; 1 by default. */
  readonly replicas?: number | undefined;
  /** What it promises where its inputs repeat exactly. */
  readonly determinism: Determinism;
  readonly orderSensitive?: boolean | undefined;
  /** Each element follows from one of its parent's. */
  readonly elementwise?: boolean | undefined;
  /** Its partitions are computed all at once, by tasks that wait for each other. */
  readonly barrier?: boolean | undefined;
  /** What a task that computes one of its partitions needs. */
  readonly resources?: TaskResources | undefined;
  readonly dependencies: readonly LineageDependency[];
  /** Preferred executors or hosts of each partition, where the source knows any. */
  readonly preferred?: readonly (readonly string[])[] | undefined;
}

/** How a node of a job's graph depends on another. */
export type LineageDependency =
  | { readonly kind: "narrow"; readonly parent: NodeId; readonly mapping: NarrowMapping }
  | {
      readonly kind: "shuffle";
      readonly parent: NodeId;
      readonly shuffle: ShuffleId;
      /** Number of reduce partitions. */
      readonly partitions: number;
      readonly orderSensitive?: boolean | undefined;
      readonly streamed?: boolean | undefined;
    };

/** Every node that `final` depends on, ancestors first, `final` last. Walks with an explicit stack: any depth will do. */
export function ancestorsFirst(final: PlanNode): PlanNode[] {
  const order: PlanNode[] = [];
  const entered = new Set<NodeId>();
  const stack: { readonly node: PlanNode; next: number }[] = [{ node: final, next: 0 }];
  entered.add(final.id);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const dependency = top.node.dependencies[top.next++];
    if (dependency === undefined) {
      order.push(top.node);
      stack.pop();
    } else if (!entered.has(dependency.parent.id)) {
      entered.add(dependency.parent.id);
      stack.push({ node: dependency.parent, next: 0 });
    }
  }
  return order;
}

/** The graph of a job over prepared nodes, given ancestors first. */
export function lineageOf(
  nodes: readonly PlanNode[],
  partitions: readonly number[],
  levelOf: LevelOf,
  joinsPieces = false,
): Lineage {
  const final = nodes.at(-1);
  if (final === undefined) throw new RangeError("a lineage has at least one node");
  return {
    nodes: nodes.map((node) => lineageNode(node, levelOf(node.id))),
    final: final.id,
    partitions,
    ...(joinsPieces && { joinsPieces }),
    ...demandsOf(nodes),
  };
}

/** What a lineage of these nodes says of their demands. */
export function demandsOf(nodes: readonly Pick<LineageNode, "barrier" | "resources">[]): Pick<Lineage, "hasDemands"> {
  return nodes.some(({ barrier, resources }) => barrier === true || resources !== undefined)
    ? { hasDemands: true }
    : {};
}

/** Every shuffle dependency among the nodes, by id. */
export function shufflesOf(nodes: readonly PlanNode[]): Map<ShuffleId, ShuffleDependency> {
  const shuffles = new Map<ShuffleId, ShuffleDependency>();
  for (const node of nodes) {
    for (const dependency of node.dependencies) {
      if (dependency.kind === "shuffle") shuffles.set(dependency.shuffle, dependency);
    }
  }
  return shuffles;
}

function lineageNode(node: PlanNode, level: StorageLevel | undefined): LineageNode {
  const partitions = node.partitionCount();
  const { preferredLocations } = node;
  return {
    id: node.id,
    partitions,
    persisted: level !== undefined,
    ...(level !== undefined && storageTraits(level).replicas > 1 && { replicas: storageTraits(level).replicas }),
    determinism: node.determinism,
    orderSensitive: node.orderSensitive,
    ...(node.elementwise === true && { elementwise: true }),
    ...(node.barrier === true && { barrier: true }),
    ...(node.resources !== undefined && { resources: node.resources }),
    dependencies: node.dependencies.map((dependency) =>
      dependency.kind === "narrow"
        ? { kind: "narrow", parent: dependency.parent.id, mapping: dependency.mapping }
        : {
            kind: "shuffle",
            parent: dependency.parent.id,
            shuffle: dependency.shuffle,
            partitions: dependency.partitionCount(),
            orderSensitive: dependency.orderSensitive,
            ...(dependency.streamed === true && { streamed: true }),
          },
    ),
    ...(preferredLocations === undefined
      ? {}
      : { preferred: Array.from({ length: partitions }, (_, partition) => preferredLocations(partition)) }),
  };
}
