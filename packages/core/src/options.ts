/** Last argument of every action. */
export interface ActionOptions {
  /** Cancels the job: the promise rejects with `GLOAM_JOB_CANCELLED` within a second, whatever user functions do. */
  readonly signal?: AbortSignal | undefined;
  /** Group by which several jobs are cancelled together. */
  readonly jobGroup?: string | undefined;
  /** Scheduling pool. */
  readonly pool?: string | undefined;
  /** What the job is called where progress is shown. */
  readonly description?: string | undefined;
}
