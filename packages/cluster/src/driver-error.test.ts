import { GloamError, serializeError } from "@gloam/common";
import { describe, expect, it } from "vitest";
import { jobError } from "./driver-error.ts";

const job = { operation: "collect", callSite: { file: "/app/etl.ts", line: 3, column: 9 } };
const place = { stage: 1, node: 1, partition: 5, attempt: 0 };

describe("a job's error", () => {
  it("names the operation, the partition, the attempt and the user's line, and keeps the user's error as cause", () => {
    const cause = new TypeError("x is not a number");
    cause.stack = "TypeError: x is not a number\n    at parse (/app/etl.ts:12:20)\n    at gloam-generated:0:9:12";
    const map = { operation: "map", callSite: { file: "/app/etl.ts", line: 11, column: 4 } };
    const failure = { kind: "taskFailed", ...place, error: { error: serializeError(cause), operation: 0 } } as const;
    const error = jobError(failure, [map], job);
    expect(error).toMatchObject({ code: "GLOAM_TASK_FAILED", operation: "map", callSite: map.callSite });
    expect(error.message).toContain("partition 5, attempt 1");
    expect(error.message).toContain("/app/etl.ts:12:20");
    expect(error.cause).toMatchObject({ name: "TypeError", stack: cause.stack });
  });

  it("has the user's frames in its stack, and the call's place, and not Gloam's", () => {
    const cause = new TypeError("x is not a number");
    cause.stack =
      "TypeError: x is not a number\n    at parse (/app/etl.ts:12:20)\n    at loop (gloam-generated:0:9:12)";
    const map = { operation: "map", callSite: { file: "/app/etl.ts", line: 11, column: 4 } };
    const thrown = { kind: "taskFailed", ...place, error: { error: serializeError(cause), operation: 0 } } as const;
    const { message, hint, stack } = jobError(thrown, [map], job);
    expect(stack).toBe(`${message}\n  ${hint}\n    at parse (/app/etl.ts:12:20)\n    at map (/app/etl.ts:11:4)`);
    const own = new GloamError("GLOAM_PIPE_FAILED", "it ended");
    const failed = { kind: "taskFailed", ...place, error: { error: serializeError(own), operation: 0 } } as const;
    expect(jobError(failed, [map], job).stack).toMatch(/^GLOAM_PIPE_FAILED: .*\n  [^\n]+\n    at map \(.*:11:4\)$/);
    // A defect is to be reported with all there is.
    const defect = {
      ...failed,
      error: { error: serializeError(new GloamError("GLOAM_INTERNAL", "oh")), operation: 0 },
    };
    expect(jobError(defect, [map], job).stack).toContain("driver-error");
  });

  it("keeps the code of Gloam's own errors", () => {
    const cause = new GloamError("GLOAM_INPUT_UNREADABLE", "the file is shorter than it was");
    const failure = { kind: "taskFailed", ...place, error: { error: serializeError(cause) } } as const;
    expect(jobError(failure, undefined, job)).toMatchObject({ code: "GLOAM_INPUT_UNREADABLE", operation: "collect" });
  });

  it("says what was thrown when it is no error", () => {
    const failure = { kind: "taskFailed", ...place, error: { error: serializeError("nope") } } as const;
    expect(jobError(failure, undefined, job).message).toContain("threw nope");
  });

  it("says why a job was cancelled", () => {
    const error = jobError({ kind: "cancelled", reason: "enough" }, undefined, job);
    expect(error).toMatchObject({ code: "GLOAM_JOB_CANCELLED", callSite: job.callSite });
    expect(error.message).toContain("enough");
  });

  it("says how large results are that are too large", () => {
    const error = jobError({ kind: "resultsTooLarge", bytes: 101, limit: 100 }, undefined, job);
    expect(error).toMatchObject({ code: "GLOAM_RESULT_TOO_LARGE", operation: "collect", callSite: job.callSite });
    expect(error.message).toContain("101 bytes, more than the 100 of driver.maxResultSize");
  });

  it("keeps what broke scheduling down as cause", () => {
    const cause = new Error("no such task");
    const error = jobError({ kind: "brokenDown", error: cause }, undefined, job);
    expect(error).toMatchObject({ code: "GLOAM_INTERNAL", cause, callSite: job.callSite });
    expect(error.message).toContain("no such task");
  });
});
