import type { CallSite } from "./call-site.ts";

/**
 * What goes on in an application, as listeners and event logs get it: plain data that nobody changes. `time` is in
 * milliseconds since 1970, of the clock of whoever schedules.
 *
 * Order: a job's `jobStart` comes before, and its `jobEnd` after everything of its stages but the ends of tasks that were
 * killed with it, whose executors report later; a stage's `stageSubmitted` comes before and `stageCompleted` after its
 * tasks, but for such; a task's `taskStart` comes before its `taskEnd`, of which there is one for each task that started
 * while somebody listened, unless the context is stopped before; an executor's events lie between its `executorAdded` and
 * its `executorRemoved`. Jobs and stages may overlap in every way.
 */
export type GloamEvent =
  | ApplicationStartEvent
  | ApplicationEndEvent
  | JobStartEvent
  | JobEndEvent
  | StageSubmittedEvent
  | StageCompletedEvent
  | TaskStartEvent
  | TaskEndEvent
  | ExecutorAddedEvent
  | ExecutorRemovedEvent
  | BlocksEvent;

/** The context was made. Only listeners that are given to it then hear it. */
export interface ApplicationStartEvent {
  readonly type: "applicationStart";
  readonly time: number;
  readonly applicationId: string;
  readonly name: string;
  readonly master: string;
  /** Of Gloam. */
  readonly version: string;
}

/** The context was stopped. The last event. */
export interface ApplicationEndEvent {
  readonly type: "applicationEnd";
  readonly time: number;
  readonly applicationId: string;
}

/** An action began a job. An action may run several jobs, or none. */
export interface JobStartEvent {
  readonly type: "jobStart";
  readonly time: number;
  readonly job: number;
  /** The action, and where the user called it. */
  readonly operation: string;
  readonly callSite: CallSite | undefined;
  /** Number of partitions that are computed for it. */
  readonly partitions: number;
  readonly group: string | undefined;
  readonly pool: string | undefined;
  readonly description: string | undefined;
  /** Local properties of the caller, but those three. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A job has ended. */
export interface JobEndEvent {
  readonly type: "jobEnd";
  readonly time: number;
  readonly job: number;
  readonly outcome: "succeeded" | "failed";
  /** Of a job that failed or was cancelled: the code and the message of its error. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** An attempt at a stage began: its tasks run, or wait for a slot. */
export interface StageSubmittedEvent {
  readonly type: "stageSubmitted";
  readonly time: number;
  readonly stage: number;
  /** Zero-based; a stage whose inputs were lost is attempted again. */
  readonly attempt: number;
  readonly kind: "shuffleMap" | "result";
  /** The operation that it computes last, and where the user called it. */
  readonly operation: string;
  readonly callSite: CallSite | undefined;
  /** The RDD whose partitions it computes. */
  readonly rdd: number;
  /** Tasks that are left to do. */
  readonly tasks: number;
  /** Jobs that need it. */
  readonly jobs: readonly number[];
}

/** An attempt at a stage has ended. */
export interface StageCompletedEvent {
  readonly type: "stageCompleted";
  readonly time: number;
  readonly stage: number;
  readonly attempt: number;
  /** False where it was cut short: because inputs were lost, or because no job needs it any more. */
  readonly succeeded: boolean;
}

/** A task, which is one attempt at one partition of a stage, was given to an executor, where it may wait for a thread. */
export interface TaskStartEvent {
  readonly type: "taskStart";
  readonly time: number;
  readonly task: number;
  readonly stage: number;
  readonly partition: number;
  /** Zero-based, of this partition. */
  readonly attempt: number;
  readonly executor: string;
}

/** A task has ended. */
export interface TaskEndEvent {
  readonly type: "taskEnd";
  readonly time: number;
  readonly task: number;
  readonly stage: number;
  readonly partition: number;
  readonly attempt: number;
  readonly executor: string;
  /** `killed` where nobody wanted it any more: its job ended, or another attempt was faster. */
  readonly outcome: "succeeded" | "failed" | "killed";
  readonly failure?: TaskFailureSummary | undefined;
  readonly metrics: TaskMetrics;
  /** What it added to accumulators, where it did. */
  readonly accumulators?: readonly AccumulatorUpdate[] | undefined;
}

/** Why a task failed. */
export interface TaskFailureSummary {
  /** As the scheduler tells them apart: an exception, a block that could not be read, a thread or executor that is gone. */
  readonly kind:
    "exception" | "fetchFailed" | "cachedBlockMissing" | "workerLost" | "resultLost" | "commitDenied" | "executorLost";
  /** What was thrown, or why the executor is gone. */
  readonly message: string | undefined;
}

/** What is known of a task's work; undefined where it is not. */
export interface TaskMetrics {
  /** Milliseconds from its start to its end. */
  readonly duration: number;
  /** Bytes of its result, in encoded form. */
  readonly resultBytes: number | undefined;
  /** Bytes that it wrote for a shuffle. */
  readonly shuffleBytesWritten: number | undefined;
}

/** What one task added to one accumulator. */
export interface AccumulatorUpdate {
  readonly id: number;
  readonly name: string | undefined;
  readonly value: unknown;
}

/** An executor can take tasks; again where the number of its slots changes. */
export interface ExecutorAddedEvent {
  readonly type: "executorAdded";
  readonly time: number;
  readonly executor: string;
  readonly host: string;
  readonly slots: number;
}

/** An executor is gone. */
export interface ExecutorRemovedEvent {
  readonly type: "executorRemoved";
  readonly time: number;
  readonly executor: string;
  readonly reason: string;
}

/** Partitions that are kept were stored on an executor, or are kept there no longer. */
export interface BlocksEvent {
  readonly type: "blocksAdded" | "blocksRemoved";
  readonly time: number;
  readonly blocks: readonly { readonly rdd: number; readonly partition: number; readonly executor: string }[];
}
