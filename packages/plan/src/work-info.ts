import type { CallSite } from "@gloam/common";

/** A job as its driver knows it. */
export interface JobInfo {
  readonly job: number;
  readonly status: "running" | "succeeded" | "failed";
  /** Stages that were set to work for it so far; none once it has ended. */
  readonly stages: readonly number[];
  /** The action, and where the user called it. */
  readonly operation: string;
  readonly callSite: CallSite | undefined;
  readonly group: string | undefined;
  readonly description: string | undefined;
}

/** A stage whose tasks run or wait for a slot. */
export interface StageInfo {
  readonly stage: number;
  /** Zero-based. */
  readonly attempt: number;
  /** The operation that it computes last, and where the user called it. */
  readonly operation: string;
  readonly callSite: CallSite | undefined;
  /** Jobs that need it. */
  readonly jobs: readonly number[];
  /** Tasks of this attempt; how many of them run, have ended well, and how many attempts at them have failed. */
  readonly tasks: number;
  readonly activeTasks: number;
  readonly completedTasks: number;
  readonly failedTasks: number;
}
