import type { NodeId } from "@gloam/plan";
import type { JobId, StageId, StageKind } from "./messages.ts";
import type { SchedulerState } from "./scheduler.ts";

/** What jobs and stages do at the moment. */
export interface WorkStatus {
  /** Live jobs, with every stage that was set to work for them so far. */
  readonly jobs: readonly { readonly job: JobId; readonly stages: readonly StageId[] }[];
  /** Stages whose tasks run or wait for a slot. */
  readonly stages: readonly StageStatus[];
}

/** How far an active stage is. */
export interface StageStatus {
  readonly stage: StageId;
  readonly kind: StageKind;
  /** Node whose partitions it computes. */
  readonly node: NodeId;
  /** Zero-based. */
  readonly attempt: number;
  readonly jobs: readonly JobId[];
  /** Tasks of this attempt; how many of them run, have ended well, and how many attempts at them have failed. */
  readonly tasks: number;
  readonly running: number;
  readonly finished: number;
  readonly failed: number;
}

/** Looks at a scheduler's state. Costs as much as there are jobs and stages. */
export function workStatus(state: SchedulerState): WorkStatus {
  return {
    jobs: [...state.jobs.values()].map(({ id, stages }) => ({ job: id, stages: [...stages].map((each) => each.id) })),
    stages: [...state.activeStages].map((stage) => ({
      stage: stage.id,
      kind: stage.kind,
      node: stage.node,
      attempt: stage.attempt,
      jobs: [...stage.jobs].map(({ id }) => id),
      tasks: stage.attemptTasks,
      running: stage.runningCount,
      finished: stage.attemptFinished,
      failed: stage.attemptFailed,
    })),
  };
}
