import { describeCallSite, deserializeError, GloamError, type CallSite, type SerializedError } from "@gloam/common";
import type { JobFailure } from "@gloam/scheduler";
import type { StageOperation } from "./stage-catalog.ts";

/** A task's failure as backends report it: the error as it came over the wire, and which operation of the stage raised it. */
export interface ReportedError {
  readonly error: SerializedError;
  /** Index into the stage's operations. */
  readonly operation?: number | undefined;
}

/** Makes the error that a job's promise rejects with. */
export function jobError(
  failure: JobFailure,
  operations: readonly StageOperation[] | undefined,
  job: { readonly operation: string; readonly callSite: CallSite | undefined },
): GloamError {
  if (failure.kind === "cancelled") {
    return new GloamError("GLOAM_JOB_CANCELLED", `${job.operation} was cancelled: ${failure.reason}`, {
      callSite: job.callSite,
    });
  }
  const reported = failure.error as ReportedError | undefined;
  const cause = reported === undefined ? undefined : deserializeError(reported.error);
  if (failure.kind === "taskFailed") {
    const operation = reported?.operation === undefined ? undefined : operations?.[reported.operation];
    const where = operation ?? job;
    const site = where.callSite === undefined ? "" : ` (${describeCallSite(where.callSite)})`;
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    return new GloamError(
      "GLOAM_TASK_FAILED",
      `${where.operation}${site} failed in partition ${failure.partition}, attempt ${failure.attempt + 1}: ${why}`,
      { cause, callSite: where.callSite },
    );
  }
  const code = failure.kind === "indeterminateRollback" ? "GLOAM_INDETERMINATE_OUTPUT" : "GLOAM_TASK_FAILED";
  return new GloamError(code, `${job.operation} was given up: ${failure.reason}`, { cause, callSite: job.callSite });
}
