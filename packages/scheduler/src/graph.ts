import type { Determinism, NarrowMapping, NodeId, ShuffleId, TaskResources } from "@gloam/plan";

/** The lineage of one job as plain data: what the scheduler may know of the plan. */
export interface JobGraph {
  /** Every node that the final node depends on, ancestors first, the final node last. Ascending ids are found fastest. */
  readonly nodes: readonly GraphNode[];
  readonly final: NodeId;
  /** Partitions of the final node to compute, in the order of the results. */
  readonly partitions: readonly number[];
  /** Whether results of parts of a partition can be joined to that of the whole. */
  readonly joinsPieces?: boolean | undefined;
  /** Whether any node is a barrier's or names resources: otherwise nobody looks for them. */
  readonly hasDemands?: boolean | undefined;
}

/** What the scheduler may know of a node. */
export interface GraphNode {
  readonly id: NodeId;
  readonly partitions: number;
  /** Its partitions are kept as blocks once computed (`cache`). */
  readonly persisted: boolean;
  /** Executors that shall hold each of its blocks, as far as there are so many; 1 by default. */
  readonly replicas?: number | undefined;
  /** What it promises if its inputs repeat exactly. */
  readonly determinism: Determinism;
  /** Its elements depend on the order of its inputs' elements (zipWithIndex, sample, zip). Default false. */
  readonly orderSensitive?: boolean | undefined;
  /** Each element follows from one of its parent's. */
  readonly elementwise?: boolean | undefined;
  /** Its partitions are computed all at once, by tasks that wait for each other. */
  readonly barrier?: boolean | undefined;
  /** What a task that computes one of its partitions needs. */
  readonly resources?: TaskResources | undefined;
  readonly dependencies: readonly GraphDependency[];
  /** Preferred executors or hosts of each partition, where the source knows any. */
  readonly preferred?: readonly (readonly string[])[] | undefined;
}

/** How a node depends on a parent. */
export type GraphDependency =
  | { readonly kind: "narrow"; readonly parent: NodeId; readonly mapping: NarrowMapping }
  | {
      readonly kind: "shuffle";
      readonly parent: NodeId;
      readonly shuffle: ShuffleId;
      /** Number of reduce partitions. */
      readonly partitions: number;
      /**
       * Which reducer gets an element depends on the order of the map side's elements (round-robin, ranges bounded by a
       * sample). Default false.
       */
      readonly orderSensitive?: boolean | undefined;
      /** The node's elements are those that it makes of each map output in turn, with all of its other inputs. */
      readonly streamed?: boolean | undefined;
    };
