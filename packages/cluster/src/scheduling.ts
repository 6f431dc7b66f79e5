import type {
  AccumulatingTask,
  BroadcastBytes,
  BroadcastId,
  DriverTraffic,
  ExecutorStatus,
  JobRequest,
  NodeId,
  ShuffleId,
} from "@gloam/plan";
import type { JobFailure, JobId, SchedulerInstruction, StageId, StageKind, WorkStatus } from "@gloam/scheduler";
import type { ReportedResult } from "./reported-result.ts";
import type { SchedulingEvent } from "./scheduling-event.ts";

/**
 * What a driver needs of who schedules its jobs: on the driver's own thread (`DirectScheduling`), where the executors are
 * threads of the same process, or in a thread of its own (`ThreadedScheduling`), where executors elsewhere have to be
 * answered while the user's program computes.
 */
export interface Scheduling {
  /** Starts executors; resolves when the first can take tasks. Where `onStage` is left out, nobody looks at stages. */
  start(onStage?: (event: StageEvent) => void): Promise<void>;
  /** The executors that are there now. */
  executors(): Promise<readonly ExecutorStatus[]>;
  /** Jobs and stages that are under way. */
  work(): Promise<WorkStatus>;
  /** Tells everything that happens from now on; nothing more where `onEvent` is left out. */
  listen(onEvent?: (event: SchedulingEvent) => void): void;
  /** Does what can be done of a job before there are executors; a job may be submitted without. */
  prepare?(request: JobRequest): void;
  /** Runs a job. The observer is told of its end once, and of nothing after it. */
  submit(job: JobId, request: JobRequest, observer: JobObserver): void;
  /** Cancels a job, if it is under way. */
  cancel(job: JobId, reason: string): void;
  /** Cancels every job that needs a stage. */
  cancelStage(stage: StageId, reason: string): void;
  /** Cancels every job that is under way. */
  cancelAll(reason: string): void;
  /** Frees map outputs that nobody needs any more. */
  releaseShuffles(shuffles: readonly ShuffleId[]): void;
  /** Frees cached partitions that nobody needs any more. */
  unpersist(nodes: readonly NodeId[]): void;
  /** Forgets what is kept of nodes that no later job can need. */
  releaseNodes(nodes: readonly NodeId[]): void;
  /** A value that tasks may read from now on. */
  addBroadcast(broadcast: BroadcastId, bytes: BroadcastBytes): void;
  /** Frees executors' copies, which they get again when a task reads it. */
  unpersistBroadcast(broadcast: BroadcastId): void;
  /** Frees values that no task reads any more, or that none may read. */
  releaseBroadcasts(broadcasts: readonly BroadcastId[]): void;
  /** What the driver itself has exchanged with executors. */
  traffic(): Promise<DriverTraffic>;
  /** Ends all executors. Of jobs that are under way nobody hears more. */
  stop(): Promise<void>;
}

/** What becomes of a job, as seen by who submitted it. */
export interface JobObserver {
  /** A partition's result, once, as soon as it is there; `index` into the partitions asked for. */
  onResult(index: number, value: ReportedResult): void;
  /** What a task added to accumulators, encoded: of a partition before its result, and of map outputs that the job may use. */
  onAccumulated(source: AccumulatingTask, updates: Uint8Array): void;
  onFinished(): void;
  /** `stage` is the stage whose failure it was, where there was one and it had begun to run. */
  onFailed(failure: SchedulingFailure, stage: StageKind | undefined): void;
}

/** Why a job failed. */
export type SchedulingFailure =
  | JobFailure
  /** Its results so far have more bytes than the results of one job may have together. */
  | { readonly kind: "resultsTooLarge"; readonly bytes: number; readonly limit: number }
  /** Scheduling itself broke down: a defect. */
  | { readonly kind: "brokenDown"; readonly error: unknown };

/** Stage events for progress bars, logs and user interfaces. */
export type StageEvent = Extract<SchedulerInstruction, { type: "stageStarted" | "stageProgress" | "stageFinished" }>;
