import type { CallSite } from "@gloam/common";
import type { KernelDescription } from "./kernel.ts";
import type { Partitioner } from "./partitioner.ts";

/** Identity of a node within one driver. */
export type NodeId = number;
/** Identity of a shuffle within one driver. */
export type ShuffleId = number;

/**
 * What a recomputed partition promises: `determinate`, the same elements in the same order; `unordered`, the same
 * elements in any order; `indeterminate`, nothing.
 */
export type Determinism = "determinate" | "unordered" | "indeterminate";

/** What a task needs of its executor; what is left out is one cpu, and its share of the memory. */
export interface TaskResources {
  /** Worker threads that it has for itself. */
  readonly cpus?: number | undefined;
  /** Bytes of the executor's memory that are its share at least. */
  readonly memory?: number | undefined;
}

/** An immutable piece of the lazy graph: how to compute each partition from the parents' partitions. */
export interface PlanNode {
  readonly id: NodeId;
  /** The operation's name as the user called it. */
  readonly operation: string;
  readonly callSite: CallSite | undefined;
  readonly dependencies: readonly Dependency[];
  readonly kernel: KernelDescription;
  readonly partitioner: Partitioner | undefined;
  /** What it promises where its parents repeat exactly. */
  readonly determinism: Determinism;
  /** Each element follows from one of its parent's: what is true of parts of a partition one after the other is true of the whole. */
  readonly elementwise?: boolean | undefined;
  /** Its partitions are computed all at once, by tasks that wait for each other (`barrier()`). */
  readonly barrier?: boolean | undefined;
  /** What a task that computes one of its partitions needs (`withResources`). */
  readonly resources?: TaskResources | undefined;
  /** Its elements depend on the order of its parents' elements (zipWithIndex, sample). */
  readonly orderSensitive?: boolean | undefined;
  /**
   * Runs once before the first job that needs the node, after the preparation of its ancestors: globbing of a source's
   * files, counts for `zipWithIndex`. Everything below may be asked for afterwards only. The signal aborts when no job
   * waits for it any more.
   */
  readonly prepare?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Number of partitions. */
  partitionCount(): number;
  /** Plain data for the task that computes this partition, such as a split of a file. */
  readonly payload?: ((partition: number) => unknown) | undefined;
  /** Hosts or executors where this partition is best computed. */
  readonly preferredLocations?: ((partition: number) => readonly string[]) | undefined;
}

export type Dependency = NarrowDependency | ShuffleDependency;

/** Each partition of the child needs a few partitions of the parent, given as data so that executors can evaluate it. */
export interface NarrowDependency {
  readonly kind: "narrow";
  readonly parent: PlanNode;
  readonly mapping: NarrowMapping;
}

export type NarrowMapping =
  | { readonly kind: "oneToOne" }
  /** Child partitions `start .. start + length` are parent partitions `0 .. length`; others need none (union). */
  | { readonly kind: "range"; readonly start: number; readonly length: number }
  /** Child partition `i` reads the parent partitions `groups[i]` one after the other (coalesce). */
  | { readonly kind: "groups"; readonly groups: readonly (readonly number[])[] };

/** Every partition of the child reads from every partition of the parent. */
export interface ShuffleDependency {
  readonly kind: "shuffle";
  readonly shuffle: ShuffleId;
  readonly parent: PlanNode;
  /** The sink that ends the parent's stage. Its task result is a `MapOutput` without location. */
  readonly writer: KernelDescription;
  /** Which reducer gets an element depends on the order of the parent's elements (round robin). */
  readonly orderSensitive?: boolean | undefined;
  /**
   * The child's elements are those that it makes of each map output in turn, with all of its other inputs: a join's left side.
   * So several tasks may compute a partition, each from some of the map outputs.
   */
  readonly streamed?: boolean | undefined;
  /** Number of reduce partitions. */
  partitionCount(): number;
}
