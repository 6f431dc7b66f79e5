import type { SerializedError } from "@gloam/common";
import type {
  AccumulatingTask,
  BroadcastBytes,
  BroadcastId,
  DriverTraffic,
  ExecutorStatus,
  NodeId,
  ShuffleId,
} from "@gloam/plan";
import type { JobId, JobProperties, SchedulerOptions, StageId, StageKind, WorkStatus } from "@gloam/scheduler";
import type { ReportedResult } from "../reported-result.ts";
import type { SchedulingEvent } from "../scheduling-event.ts";
import type { SchedulingFailure, StageEvent } from "../scheduling.ts";
import type { BackendModule } from "./backend-module.ts";
import type { JobPlan } from "./job-plan.ts";

/** What the scheduling thread starts with. */
export interface SchedulingThreadData {
  readonly backend: BackendModule;
  readonly scheduler: SchedulerOptions;
  /** Largest number of bytes of one job's results together; 0 is no limit. */
  readonly maxResultBytes: number;
  /** Whether anybody looks at stages. */
  readonly stagesShown: boolean;
}

/** What the main thread says to the scheduling thread. */
export type ToSchedulingThread =
  | { readonly type: "submit"; readonly job: JobId; readonly plan: JobPlan; readonly properties: JobProperties }
  | { readonly type: "cancel"; readonly job: JobId; readonly reason: string }
  | { readonly type: "cancelAll"; readonly reason: string }
  | { readonly type: "releaseShuffles"; readonly shuffles: readonly ShuffleId[] }
  | { readonly type: "unpersist" | "releaseNodes"; readonly nodes: readonly NodeId[] }
  | { readonly type: "cancelStage"; readonly stage: StageId; readonly reason: string }
  /** Asks for `executors` or for `work`; each answered in order. */
  | { readonly type: "askExecutors" | "askWork" }
  /** Whether somebody listens to events from now on. */
  | { readonly type: "listen"; readonly listens: boolean }
  | { readonly type: "addBroadcast"; readonly broadcast: BroadcastId; readonly bytes: BroadcastBytes }
  | { readonly type: "unpersistBroadcast"; readonly broadcast: BroadcastId }
  | { readonly type: "releaseBroadcasts"; readonly broadcasts: readonly BroadcastId[] }
  /** The last `stages` has been taken. */
  | { readonly type: "stagesSeen" }
  /** The last message. */
  | { readonly type: "stop" };

/** What the scheduling thread says to the main thread. */
export type FromSchedulingThread =
  | { readonly type: "started" }
  | { readonly type: "startFailed"; readonly error: SerializedError }
  | { readonly type: "result"; readonly job: JobId; readonly index: number; readonly value: ReportedResult }
  | {
      readonly type: "accumulated";
      readonly job: JobId;
      readonly source: AccumulatingTask;
      readonly updates: Uint8Array;
    }
  | { readonly type: "finished"; readonly job: JobId }
  | {
      readonly type: "failed";
      readonly job: JobId;
      readonly failure: SchedulingFailure;
      readonly stage: StageKind | undefined;
    }
  | { readonly type: "work"; readonly work: WorkStatus }
  /** In order, and before the end of the job that they are about. */
  | { readonly type: "events"; readonly events: readonly SchedulingEvent[] }
  | { readonly type: "executors"; readonly executors: readonly ExecutorStatus[]; readonly traffic: DriverTraffic }
  | { readonly type: "stages"; readonly events: readonly StageEvent[] }
  /** The last message; with an error where the backend could not end everything. */
  | { readonly type: "stopped"; readonly error: SerializedError | undefined };
