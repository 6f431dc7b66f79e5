import { deserializeError, GloamError, isGloamError, type CallSite, type SerializedError } from "@gloam/common";
import type { StageOperation } from "./job-stages.ts";
import type { SchedulingFailure } from "./scheduling.ts";
import { userFrame, userFrames } from "./user-frame.ts";

/** A task's failure as backends report it: the error as it came over the wire, and which operation of the stage raised it. */
export interface ReportedError {
  readonly error: SerializedError;
  /** Index into the stage's operations. */
  readonly operation?: number | undefined;
}

/** The job whose promise is rejected. */
export interface FailedJob {
  readonly operation: string;
  readonly callSite: CallSite | undefined;
}

/** Makes the error that a job's promise rejects with. `operations` are those of the stage that failed. */
export function jobError(
  failure: SchedulingFailure,
  operations: readonly StageOperation[] | undefined,
  job: FailedJob,
): GloamError {
  if (failure.kind === "cancelled") {
    return new GloamError("GLOAM_JOB_CANCELLED", `the job was cancelled: ${failure.reason}`, job);
  }
  if (failure.kind === "resultsTooLarge") {
    const { bytes, limit } = failure;
    const told = `the results so far have ${bytes} bytes, more than the ${limit} of driver.maxResultSize`;
    return new GloamError("GLOAM_RESULT_TOO_LARGE", told, job);
  }
  if (failure.kind === "refused") return new GloamError(failure.code, failure.reason, job);
  if (failure.kind === "brokenDown") {
    const { error } = failure;
    const told = error instanceof Error ? error.message : String(error);
    return new GloamError("GLOAM_INTERNAL", `scheduling broke down: ${told}`, { ...job, cause: error });
  }
  const reported = failure.error as ReportedError | undefined;
  const cause = reported === undefined ? undefined : deserializeError(reported.error);
  const { operation, callSite } =
    (reported?.operation === undefined ? undefined : operations?.[reported.operation]) ?? job;
  if (isGloamError(cause)) {
    // Gloam's own errors keep their code: what went wrong is known better than that a task failed.
    const told = cause.message.slice(cause.code.length + 2);
    const partition = "partition" in failure ? ` (in partition ${failure.partition})` : "";
    const error = new GloamError(cause.code, `${told}${partition}`, { hint: cause.hint, cause, operation, callSite });
    return withStackOfUser(error, []);
  }
  if (failure.kind === "taskFailed") {
    const thrownAt = cause instanceof Error ? userFrame(cause) : undefined;
    const error = new GloamError(
      "GLOAM_TASK_FAILED",
      `a function of ${operation} threw in partition ${failure.partition}, attempt ${failure.attempt + 1}\n` +
        (cause instanceof Error ? `${cause.name}: ${cause.message}` : `it threw ${String(cause)}`) +
        (thrownAt === undefined ? "" : `, at ${thrownAt}`),
      { cause, operation, callSite },
    );
    return withStackOfUser(error, cause instanceof Error ? userFrames(cause) : []);
  }
  const code = failure.kind === "indeterminateRollback" ? "GLOAM_INDETERMINATE_OUTPUT" : "GLOAM_TASK_FAILED";
  return new GloamError(code, `the job was given up: ${failure.reason}`, { cause, operation, callSite });
}

/**
 * Names places of the user's program in the printed stack, and not where in Gloam the job ended: the frames of what was thrown, then
 * the call. What was thrown keeps its whole stack as `cause`, and so do defects of Gloam's own.
 */
function withStackOfUser(error: GloamError, frames: readonly string[]): GloamError {
  const { callSite, operation } = error;
  if (callSite === undefined || error.code === "GLOAM_INTERNAL") return error;
  const call = `    at ${operation ?? "call"} (${callSite.file}:${callSite.line}:${callSite.column})`;
  const stack = [error.message, `  ${error.hint.replaceAll("\n", "\n  ")}`, ...frames, call].join("\n");
  Object.defineProperty(error, "stack", { value: stack, configurable: true, writable: true });
  return error;
}
