import type { NodeId, ShuffleId } from "@gloam/plan";
import type { JobGraph } from "./graph.ts";

export type JobId = number;
export type StageId = number;
/** One attempt of one partition of one stage; unique in a driver. */
export type TaskId = number;
export type ExecutorId = string;
/** Index of a task slot (a worker thread) within its executor. */
export type SlotId = number;

/** Where a block lies: opaque to the scheduler. */
export type BlockHandle = unknown;

/** A registered output of a map task. */
export interface MapOutput {
  readonly partition: number;
  /** The attempt's task: fetch failures name it, so that a newer output is not dropped for an older one's fault. */
  readonly task: TaskId;
  readonly executor: ExecutorId;
  /** Where it lies and its index: opaque. */
  readonly handle: BlockHandle;
  /** Bytes for each reduce partition, in a compact form; empty where unknown. */
  readonly sizes: Float64Array;
  /** Opaque sketch for range bounds. */
  readonly sketch?: Uint8Array | undefined;
}

/** A cached partition on an executor. */
export interface CachedBlock {
  readonly node: NodeId;
  readonly partition: number;
  readonly executor: ExecutorId;
  /** Slot that may hold it decoded; preferred without waiting. */
  readonly slot?: SlotId | undefined;
  readonly handle: BlockHandle;
}

/** What an executor says of a failed task. `error` is a serialized error, opaque. */
export type TaskFailure =
  | { readonly kind: "exception"; readonly error: unknown }
  | {
      readonly kind: "fetchFailed";
      readonly shuffle: ShuffleId;
      readonly mapPartition: number;
      readonly mapTask: TaskId;
      readonly error: unknown;
    }
  | { readonly kind: "cachedBlockMissing"; readonly node: NodeId; readonly partition: number; readonly error: unknown }
  | { readonly kind: "workerLost"; readonly error: unknown }
  | { readonly kind: "commitDenied" }
  | { readonly kind: "killed" };

/** Times are milliseconds of the machine's clock and come with the event: the machine reads no clock. */
export type SchedulerEvent = { readonly time: number } & (
  | { readonly type: "jobSubmitted"; readonly job: JobId; readonly graph: JobGraph; readonly properties: JobProperties }
  | { readonly type: "jobCancelled"; readonly job: JobId; readonly reason: string }
  | { readonly type: "executorAdded"; readonly executor: ExecutorId; readonly host: string; readonly slots: number }
  | { readonly type: "executorDraining"; readonly executor: ExecutorId }
  | {
      readonly type: "executorLost";
      readonly executor: ExecutorId;
      readonly reason: string;
      readonly taskFault: boolean;
    }
  /**
   * A slot's thread died or was replaced: its running task fails, its decoded copies are gone, its blocks stay. `task`
   * names the task that ran there, so that a late report cannot fail the slot's next one; none given: whatever runs.
   */
  | {
      readonly type: "workerLost";
      readonly executor: ExecutorId;
      readonly slot: SlotId;
      readonly task?: TaskId | undefined;
      readonly error: unknown;
    }
  | { readonly type: "taskStarted"; readonly task: TaskId }
  | { readonly type: "taskFinished"; readonly task: TaskId; readonly outcome: TaskOutcome }
  | { readonly type: "taskFailed"; readonly task: TaskId; readonly failure: TaskFailure }
  | { readonly type: "blocksAdded"; readonly blocks: readonly CachedBlock[]; readonly task: TaskId }
  | {
      readonly type: "blocksLost";
      readonly blocks: readonly { readonly node: NodeId; readonly partition: number; readonly executor: ExecutorId }[];
    }
  | { readonly type: "blocksMoved"; readonly epoch: number; readonly moves: readonly BlockMove[] }
  | { readonly type: "commitAsked"; readonly task: TaskId }
  /** Nobody can reach the handle any more, or it was disposed of. */
  | { readonly type: "shufflesReleased"; readonly shuffles: readonly ShuffleId[] }
  | { readonly type: "nodesUnpersisted"; readonly nodes: readonly NodeId[] }
  | { readonly type: "timerFired"; readonly timer: number }
);

export type TaskOutcome =
  | {
      readonly kind: "mapOutput";
      readonly handle: BlockHandle;
      readonly sizes: Float64Array;
      readonly sketch?: Uint8Array | undefined;
    }
  | { readonly kind: "result"; readonly value: unknown };

export type BlockMove =
  | {
      readonly kind: "mapOutput";
      readonly shuffle: ShuffleId;
      readonly partition: number;
      readonly task: TaskId;
      readonly to: ExecutorId;
      readonly handle: BlockHandle;
    }
  | {
      readonly kind: "cached";
      readonly node: NodeId;
      readonly partition: number;
      readonly from: ExecutorId;
      readonly to: ExecutorId;
      readonly handle: BlockHandle;
    };

export interface JobProperties {
  readonly pool?: string | undefined;
  readonly group?: string | undefined;
  readonly description?: string | undefined;
}

/** What a stage ends in. */
export type StageKind =
  { readonly kind: "shuffleMap"; readonly shuffle: ShuffleId } | { readonly kind: "result"; readonly job: JobId };

export type SchedulerInstruction =
  | { readonly type: "launchTask"; readonly launch: TaskLaunch }
  | { readonly type: "killTask"; readonly task: TaskId; readonly executor: ExecutorId; readonly reason: string }
  | { readonly type: "grantCommit" | "denyCommit"; readonly task: TaskId; readonly executor: ExecutorId }
  | { readonly type: "requestExecutors"; readonly slots: number }
  | { readonly type: "releaseExecutor"; readonly executor: ExecutorId }
  | { readonly type: "dropMapOutputs"; readonly shuffle: ShuffleId; readonly outputs: readonly MapOutput[] }
  | { readonly type: "dropCachedBlocks"; readonly blocks: readonly CachedBlock[] }
  | {
      readonly type: "migrateBlocks";
      readonly executor: ExecutorId;
      readonly outputs: readonly { readonly shuffle: ShuffleId; readonly output: MapOutput }[];
      readonly cached: readonly CachedBlock[];
    }
  | { readonly type: "setTimer"; readonly timer: number; readonly at: number }
  /** One partition's result of a job, as soon as it is there, once; `index` into `JobGraph.partitions`. */
  | { readonly type: "partitionResult"; readonly job: JobId; readonly index: number; readonly value: unknown }
  | { readonly type: "jobFinished"; readonly job: JobId }
  | { readonly type: "jobFailed"; readonly job: JobId; readonly failure: JobFailure }
  | {
      readonly type: "stageStarted";
      readonly stage: StageId;
      readonly kind: StageKind;
      readonly node: NodeId;
      readonly attempt: number;
      readonly tasks: number;
      readonly jobs: readonly JobId[];
    }
  | {
      readonly type: "stageProgress";
      readonly stage: StageId;
      readonly finished: number;
      readonly running: number;
      readonly failed: number;
      readonly tasks: number;
    }
  | { readonly type: "stageFinished"; readonly stage: StageId; readonly attempt: number; readonly succeeded: boolean };

export interface TaskLaunch {
  readonly task: TaskId;
  readonly stage: StageId;
  readonly stageKind: StageKind;
  /** Node whose partition is computed. */
  readonly node: NodeId;
  readonly partition: number;
  /** Zero-based. */
  readonly attempt: number;
  readonly executor: ExecutorId;
  readonly slot: SlotId;
  /** Shuffles that the task reads; the registered outputs are at `machine.mapOutputs(shuffle)` when it is launched. */
  readonly shuffles: readonly ShuffleId[];
  /** Cached blocks that the task's partition tree can use instead of computing. */
  readonly cached: readonly CachedBlock[];
}

/** `taskFailed` carries the last attempt's failure; the others say all in `reason`. */
export type JobFailure =
  | {
      readonly kind: "taskFailed";
      readonly stage: StageId;
      readonly node: NodeId;
      readonly partition: number;
      readonly attempt: number;
      readonly error: unknown;
    }
  | { readonly kind: "cancelled"; readonly reason: string }
  | {
      readonly kind: "indeterminateRollback" | "stageAborted" | "noExecutors";
      readonly stage: StageId;
      readonly reason: string;
      readonly error?: unknown;
    };
