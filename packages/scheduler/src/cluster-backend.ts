import type { BarrierAnswer, BroadcastBytes, BroadcastId, DriverTraffic, ExecutorStatus, ShuffleId } from "@gloam/plan";
import type {
  BlockHandle,
  CachedBlock,
  ExecutorId,
  JobId,
  MapOutput,
  SchedulerEvent,
  SchedulerInstruction,
  TaskId,
  TaskLaunch,
} from "./messages.ts";

/** An event before the host has stamped it with its time. */
export type UntimedEvent = SchedulerEvent extends infer E
  ? E extends SchedulerEvent
    ? Omit<E, "time">
    : never
  : never;

/** A module of the user's program as executors get it: the same wherever it lies, but for where the modules lie that it imports. */
export interface UserModule {
  /** Where it lies among the others: `DIRECTORY/NAME.mjs`. Another one as soon as it, or anything that it imports, is another. */
  readonly path: string;
  /** SHA-256 of the source in hexadecimal digits. */
  readonly hash: string;
  readonly source: Uint8Array;
  /** Directory on the driver that its packages are looked for from. */
  readonly home: string;
  /** Packages that it imports by name. */
  readonly packages: readonly string[];
}

/** What the functions of a stage import of the user's program. */
export interface StageModules {
  /** Paths of modules by the URLs that functions know them by. */
  readonly names: readonly { readonly url: string; readonly path: string }[];
  readonly modules: readonly UserModule[];
  /** Whether sources name their lines by source maps. */
  readonly isMapped: boolean;
}

/** The code of a stage as executors get it, and what differs from task to task. */
export interface StageCode {
  /** An encoded stage description: sent once to each executor. */
  readonly bytes: Uint8Array;
  /** Where executors get the user's modules from their driver: those of the stage's functions. */
  readonly modules?: StageModules | undefined;
  /** Payloads of the nodes in a partition's narrow tree; `node` is an index into the stage. */
  payloads(
    partition: number,
  ): readonly { readonly node: number; readonly partition: number; readonly payload: unknown }[];
}

/** A task with all that its executor needs. */
export interface PreparedTask {
  readonly launch: TaskLaunch;
  readonly code: StageCode;
  /** For every shuffle that the task reads, the registered outputs in map order. */
  readonly shuffles: readonly { readonly shuffle: ShuffleId; readonly outputs: readonly MapOutput[] }[];
}

/**
 * Whether a result of so many bytes may be brought to the driver. Asked before it is: nobody may want the job's results any more, and
 * they may have become too many together, which then fails the job.
 */
export type ResultGate = (job: JobId, partition: number, bytes: number, piece?: number) => boolean;

/**
 * What turns the scheduler's instructions into executors and messages: threads of this process, processes, Mesos.
 * Everything that happens comes back as events, in the order in which it happened on each executor.
 */
export interface ClusterBackend {
  /** Starts executors; resolves when the first can take tasks. Events come from now on. */
  start(post: (event: UntimedEvent) => void, mayFetch: ResultGate): Promise<void>;
  launch(task: PreparedTask): void;
  kill(task: TaskId, executor: ExecutorId, reason: string): void;
  answerCommit(task: TaskId, executor: ExecutorId, granted: boolean): void;
  /** Ends a task's waiting in a barrier. */
  answerBarrier(task: TaskId, executor: ExecutorId, answer: BarrierAnswer): void;
  /** Blocks that tasks of a barrier gave each other and that nobody reads any more. */
  dropBarrierBlocks(executor: ExecutorId, handles: readonly BlockHandle[]): void;
  /** Stage ids that no job uses any more. */
  forgetStages(stages: readonly number[]): void;
  dropMapOutputs(outputs: readonly MapOutput[]): void;
  /** A shuffle that nobody reads any more. */
  forgetShuffle(shuffle: ShuffleId): void;
  dropCachedBlocks(blocks: readonly CachedBlock[]): void;
  /** What could be moved comes back as `blocksMoved`, with the handles given here, when the receiver says that it is there. */
  migrateBlocks(instruction: Extract<SchedulerInstruction, { type: "migrateBlocks" }>): void;
  /** Answered with `blockReplicated`, with the block as it is given here, whatever becomes of it. */
  replicateBlock(instruction: Extract<SchedulerInstruction, { type: "replicateBlock" }>): void;
  /** A value that tasks may read from now on. */
  addBroadcast(broadcast: BroadcastId, bytes: BroadcastBytes): void;
  /** Frees executors' copies, which they get again when a task reads it. */
  unpersistBroadcast(broadcast: BroadcastId): void;
  /** Frees values that no task reads any more, or that none may read. */
  releaseBroadcasts(broadcasts: readonly BroadcastId[]): void;
  requestExecutors(slots: number): void;
  releaseExecutor(executor: ExecutorId): void;
  /** The executors that can take tasks. */
  executors(): readonly ExecutorStatus[];
  /** What the driver itself has exchanged with executors. */
  traffic(): DriverTraffic;
  /** Ends all executors and removes what they left behind. */
  stop(): Promise<void>;
}
