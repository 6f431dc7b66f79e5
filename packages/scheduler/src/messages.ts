import type { BarrierAnswer, BarrierCall, NodeId, ShuffleId } from "@gloam/plan";
import type { JobGraph } from "./graph.ts";

export type JobId = number;
export type StageId = number;
/** One attempt of one partition of one stage; unique in a driver. */
export type TaskId = number;
/** Names one life of an executor: an executor that comes back has another. */
export type ExecutorId = string;
/** Index of a task slot (a worker thread) within its executor. */
export type SlotId = number;

/**
 * Where a block lies: opaque to the scheduler, which does no more than compare those of cached blocks (`===`). So a block
 * has the same handle, not one like it, in all that is said of it.
 */
export type BlockHandle = unknown;

/** A registered output of a map task. */
export interface MapOutput {
  /** Its place in map order: the map partition, unless partitions are written in parts. */
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
  /** Tasks before this one have been told of another place, from which the output has moved away. */
  readonly movedBefore?: TaskId | undefined;
}

/** A cached partition on an executor. */
export interface CachedBlock {
  readonly node: NodeId;
  readonly partition: number;
  readonly executor: ExecutorId;
  /** Slot that may hold it decoded; preferred without waiting. */
  readonly slot?: SlotId | undefined;
  /** Different for each block that is stored: an executor ignores a request to drop another one than it holds. */
  readonly handle: BlockHandle;
  /** The task that computed it; a copy has that of the first. Left out in what backends report: the machine knows it. */
  readonly computedBy?: TaskId | undefined;
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
  /** It ended well, and its result could not be brought to the driver. Counts, as in Spark: else it might go on for ever. */
  | { readonly kind: "resultLost"; readonly error: unknown }
  | { readonly kind: "commitDenied" }
  | { readonly kind: "killed" };

/**
 * What happens. Times are milliseconds of the machine's clock and come with the event: the machine reads no clock.
 *
 * Reports of one executor come in the order in which they happened there. Those about tasks may be repeated and may come
 * after the executor's loss; the machine ignores what it no longer waits for.
 */
export type SchedulerEvent = { readonly time: number } & (
  | { readonly type: "jobSubmitted"; readonly job: JobId; readonly graph: JobGraph; readonly properties: JobProperties }
  | { readonly type: "jobCancelled"; readonly job: JobId; readonly reason: string }
  /** Every job that needs the stage is cancelled. */
  | { readonly type: "stageCancelled"; readonly stage: StageId; readonly reason: string }
  /**
   * A new executor, or another number of slots of a known one: slots that are busy go when their task ends. Slot i is a place in
   * the queue of thread i % threads; without `threads` each slot is a thread. `memory` is in bytes.
   */
  | {
      readonly type: "executorAdded";
      readonly executor: ExecutorId;
      readonly host: string;
      readonly slots: number;
      readonly threads?: number | undefined;
      readonly memory?: number | undefined;
    }
  /** It gets no more tasks. When its blocks have moved and its tasks ended, `releaseExecutor` follows. */
  | { readonly type: "executorDraining"; readonly executor: ExecutorId }
  /**
   * Its tasks have failed, which counts only if one of them was at `taskFault`, with `error` (serialized, opaque); its outputs and
   * blocks are gone.
   */
  | {
      readonly type: "executorLost";
      readonly executor: ExecutorId;
      readonly reason: string;
      readonly taskFault: boolean;
      readonly error?: unknown;
    }
  /** Whoever starts executors has given up: when those that there are have gone, there will be none. */
  | { readonly type: "noMoreExecutors"; readonly reason: string; readonly error?: unknown }
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
  /** It began to run, which may be later than its launch. Only speculation needs to know. */
  | { readonly type: "taskStarted"; readonly task: TaskId }
  /** `accumulators`: what it added to accumulators, opaque; left out where it had none. */
  | {
      readonly type: "taskFinished";
      readonly task: TaskId;
      readonly outcome: TaskOutcome;
      readonly accumulators?: unknown;
    }
  | { readonly type: "taskFailed"; readonly task: TaskId; readonly failure: TaskFailure }
  /**
   * A task cached partitions: to be told before its end, or the machine has the blocks dropped again, as it has those of
   * partitions that the executor holds already.
   */
  | { readonly type: "blocksAdded"; readonly blocks: readonly CachedBlock[]; readonly task: TaskId }
  /** Blocks are there no longer. Where a handle is given, another block of the same partition there stays known. */
  | {
      readonly type: "blocksLost";
      readonly blocks: readonly {
        readonly node: NodeId;
        readonly partition: number;
        readonly executor: ExecutorId;
        readonly handle?: BlockHandle;
      }[];
    }
  /**
   * A report of the executor that the blocks have moved to: it comes before whatever that executor says of them later,
   * and also when that executor or the other is lost, or nobody would know that the other gave them away. `epoch`
   * numbers these reports, ascending in a driver: one that is not newer than the last is a repetition.
   */
  | { readonly type: "blocksMoved"; readonly epoch: number; readonly moves: readonly BlockMove[] }
  /** The answer to `replicateBlock`, of the executor that has the copy; none where it could not be made. Numbered as moves are. */
  | { readonly type: "blockReplicated"; readonly epoch: number; readonly replica: BlockReplica }
  | { readonly type: "commitAsked"; readonly task: TaskId }
  /** A task of a barrier waits for the others, or gives them something. */
  | {
      readonly type: "barrierCalled";
      readonly task: TaskId;
      readonly executor: ExecutorId;
      readonly call: BarrierCall;
    }
  /** Nobody can reach the handle any more, or it was disposed of. Live jobs that may read the outputs keep them. */
  | { readonly type: "shufflesReleased"; readonly shuffles: readonly ShuffleId[] }
  /** Live jobs that were submitted while the node was persisted keep its blocks. */
  | { readonly type: "nodesUnpersisted"; readonly nodes: readonly NodeId[] }
  | { readonly type: "timerFired"; readonly timer: number }
);

/** What a task gave. Which kind follows from its stage's. */
export type TaskOutcome =
  | {
      readonly kind: "mapOutput";
      readonly handle: BlockHandle;
      readonly sizes: Float64Array;
      readonly sketch?: Uint8Array | undefined;
    }
  | { readonly kind: "result"; readonly value: unknown };

/** A block that lies elsewhere now. The copy where it was is gone. */
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
      /** As `migrateBlocks` named it: what has been cached in its place since is another block. */
      readonly block: CachedBlock;
      readonly to: ExecutorId;
      readonly handle: BlockHandle;
    };

/** A second copy of a cached block. */
export interface BlockReplica {
  /** As `replicateBlock` named it: it stays where it is. */
  readonly block: CachedBlock;
  readonly copy?: { readonly executor: ExecutorId; readonly handle: BlockHandle } | undefined;
}

/** What a job is beside its graph. */
export interface JobProperties {
  /** Pool of the fair scheduler; `default` if left out. */
  readonly pool?: string | undefined;
  readonly group?: string | undefined;
  readonly description?: string | undefined;
}

/** What a stage ends in. */
export type StageKind =
  { readonly kind: "shuffleMap"; readonly shuffle: ShuffleId } | { readonly kind: "result"; readonly job: JobId };

/** What is to be done. */
export type SchedulerInstruction =
  | { readonly type: "launchTask"; readonly launch: TaskLaunch }
  /** Its outcome is no longer wanted, but its end has to be reported: until then it holds its slot. */
  | { readonly type: "killTask"; readonly task: TaskId; readonly executor: ExecutorId; readonly reason: string }
  | { readonly type: "grantCommit" | "denyCommit"; readonly task: TaskId; readonly executor: ExecutorId }
  /** Ends a task's waiting in a barrier. */
  | {
      readonly type: "answerBarrier";
      readonly task: TaskId;
      readonly executor: ExecutorId;
      readonly answer: BarrierAnswer;
    }
  /** Blocks that tasks of a barrier gave each other and that nobody reads any more. */
  | { readonly type: "dropBarrierBlocks"; readonly executor: ExecutorId; readonly handles: readonly BlockHandle[] }
  /**
   * How many slots could be used in all, when that is more than said before and more than there are, or half of what was
   * said before or less; 0 for no demand.
   */
  | { readonly type: "requestExecutors"; readonly slots: number }
  /** A draining executor runs nothing and holds nothing any more. */
  | { readonly type: "releaseExecutor"; readonly executor: ExecutorId }
  /** Outputs that are not registered any more, or never were because another attempt was faster. */
  | { readonly type: "dropMapOutputs"; readonly shuffle: ShuffleId; readonly outputs: readonly MapOutput[] }
  /** Nobody reads the shuffle any more: what executors know of it can go, also of outputs that were lost. */
  | { readonly type: "forgetShuffle"; readonly shuffle: ShuffleId }
  | { readonly type: "dropCachedBlocks"; readonly blocks: readonly CachedBlock[] }
  /** To be answered with `blocksMoved` for what could be moved. */
  | {
      readonly type: "migrateBlocks";
      readonly executor: ExecutorId;
      readonly outputs: readonly { readonly shuffle: ShuffleId; readonly output: MapOutput }[];
      readonly cached: readonly CachedBlock[];
    }
  /** To be copied to an executor that does not hold it, and answered with `blockReplicated`, whatever becomes of it. */
  | { readonly type: "replicateBlock"; readonly block: CachedBlock; readonly holders: readonly ExecutorId[] }
  /** Levels ask for more copies than there are executors. Said once. */
  | { readonly type: "replicasMissing" }
  /** To be answered with `timerFired` at that time. Timers are never cancelled; one that came to nothing is ignored. */
  | { readonly type: "setTimer"; readonly timer: number; readonly at: number }
  /**
   * What a task added to accumulators whose result or output has just been taken: never that of an attempt that failed, came late or
   * was one too many. Before its `partitionResult`. Comes again for a map partition whose output was lost and computed anew.
   */
  | {
      readonly type: "accumulated";
      readonly stage: StageId;
      readonly kind: StageKind;
      /** The map partition, or the number of the task among those that make the job's results, in their order. */
      readonly index: number;
      readonly task: TaskId;
      readonly accumulators: unknown;
    }
  /** One partition's result of a job, or that of a part of one, as soon as it is there, once; `index` into `JobGraph.partitions`. */
  | {
      readonly type: "partitionResult";
      readonly job: JobId;
      readonly index: number;
      readonly piece?: PieceOfPartition | undefined;
      readonly value: unknown;
    }
  | { readonly type: "jobFinished"; readonly job: JobId }
  | { readonly type: "jobFailed"; readonly job: JobId; readonly failure: JobFailure }
  /** An attempt of a stage begins; `tasks` are those that it still has to do, with those that run already. */
  | {
      readonly type: "stageStarted";
      readonly stage: StageId;
      readonly kind: StageKind;
      readonly node: NodeId;
      readonly attempt: number;
      readonly tasks: number;
      readonly jobs: readonly JobId[];
    }
  /** At most once per event and stage. `failed` counts failed attempts of tasks. */
  | {
      readonly type: "stageProgress";
      readonly stage: StageId;
      readonly finished: number;
      readonly running: number;
      readonly failed: number;
      readonly tasks: number;
    }
  /**
   * An attempt ended. One that was cut short because inputs were lost is followed by another, or by a second
   * `stageFinished` when the tasks that still ran have done the rest.
   */
  | { readonly type: "stageFinished"; readonly stage: StageId; readonly attempt: number; readonly succeeded: boolean };

/** A task to run. */
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
  /** The tasks that it may wait for, by rank, itself among them; only for those of a barrier. */
  readonly peers?: readonly TaskPeer[] | undefined;
  /** Which of its stage's tasks it is, where some compute parts of partitions. */
  readonly index?: number | undefined;
  /** Which part of the partition it computes, where it does not compute all. */
  readonly piece?: number | undefined;
  /** The map outputs of a shuffle that it reads, where others compute the rest of the partition. */
  readonly range?: MapRange | undefined;
  /** It has its thread for itself. */
  readonly alone?: boolean | undefined;
}

/** Some map outputs of a shuffle: from one up to another. */
export interface MapRange {
  readonly shuffle: ShuffleId;
  readonly from: number;
  readonly to: number;
}

/** A part of a partition: the `piece`th of `of`. */
export interface PieceOfPartition {
  readonly piece: number;
  readonly of: number;
}

/** Where a task of a barrier runs. */
export interface TaskPeer {
  readonly executor: ExecutorId;
  readonly host: string;
}

/** Why a job was not begun: what it asks for can never be had. */
export type RefusalCode = "GLOAM_BARRIER_UNSUPPORTED" | "GLOAM_BARRIER_SLOTS" | "GLOAM_RESOURCES_UNAVAILABLE";

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
      readonly kind: "refused";
      readonly code: RefusalCode;
      readonly stage: StageId;
      readonly node: NodeId;
      readonly reason: string;
    }
  | {
      readonly kind: "indeterminateRollback" | "stageAborted" | "noExecutors";
      readonly stage: StageId;
      readonly reason: string;
      readonly error?: unknown;
    };
