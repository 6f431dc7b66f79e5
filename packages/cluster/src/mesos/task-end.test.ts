import type { TaskState } from "@gloam/mesos";
import { describe, expect, test } from "vitest";
import { isMemoryDeath } from "../remote/fleet.ts";
import { encodeProcessEnd } from "./process-end-data.ts";
import { endOf, isOwnFault, isWithoutSupervisor, mayRun } from "./task-end.ts";

const status = (state: TaskState) => ({ task_id: { value: "t" }, state });

describe("how a process ended", () => {
  test("is in the data of the last status", () => {
    const data = encodeProcessEnd({ code: 3, signal: undefined });
    expect(endOf({ ...status("TASK_FAILED"), data, message: "words" })).toEqual({ code: 3, signal: undefined });
  });

  test("of one that was told to go is no lack of memory", () => {
    const data = encodeProcessEnd({ code: undefined, signal: "SIGKILL" });
    const end = endOf({ ...status("TASK_KILLED"), data, message: "it was told to go" });
    expect(isMemoryDeath(end)).toBe(false);
    expect(end.reason).toBe("Mesos says TASK_KILLED: it was told to go");
  });

  test.each([
    [{ message: "words", reason: "REASON_TASK_INVALID" as const }, "words"],
    [{ message: "", reason: "REASON_TASK_INVALID" as const }, "REASON_TASK_INVALID"],
    [{ data: "bm90aGluZw==" }, "no reason is given"],
  ])("is otherwise what Mesos says: %j", (more, words) => {
    expect(endOf({ ...status("TASK_ERROR"), ...more })).toEqual({
      code: undefined,
      signal: undefined,
      reason: `Mesos says TASK_ERROR: ${words}`,
    });
  });
});

test("a task is at fault that fails, and one that is an error, but not on an agent that is drained", () => {
  for (const state of ["TASK_FAILED", "TASK_ERROR"] as const) {
    expect(isOwnFault(status(state))).toBe(true);
    expect(isOwnFault({ ...status(state), reason: "REASON_AGENT_DRAINING" })).toBe(false);
  }
  for (const state of ["TASK_FINISHED", "TASK_KILLED", "TASK_LOST", "TASK_GONE", "TASK_DROPPED"] as const)
    expect(isOwnFault(status(state))).toBe(false);
});

test.each([
  ["TASK_STAGING", true, false],
  ["TASK_STARTING", true, false],
  ["TASK_RUNNING", true, false],
  ["TASK_KILLING", false, false],
  ["TASK_UNREACHABLE", false, false],
  ["TASK_UNKNOWN", false, false],
  ["TASK_FINISHED", false, false],
  ["TASK_FAILED", false, false],
  ["TASK_KILLED", false, false],
  ["TASK_ERROR", false, true],
  ["TASK_LOST", false, true],
  ["TASK_DROPPED", false, true],
  ["TASK_GONE", false, true],
  ["TASK_GONE_BY_OPERATOR", false, true],
] as const)(
  "%s: whether it can be told to end: %s; whether its Mesos executor may not be there: %s",
  (state, runs, lacks) => {
    expect({ runs: mayRun(state), lacks: isWithoutSupervisor(state) }).toEqual({ runs, lacks });
  },
);
