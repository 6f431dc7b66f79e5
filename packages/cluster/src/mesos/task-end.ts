import { isTerminal, type TaskState, type TaskStatus } from "@gloam/mesos";
import type { ProcessEnd } from "../remote/fleet.ts";
import { decodeProcessEnd } from "./process-end-data.ts";

/** Whether a task ended by its own doing, rather than by what happened to its agent or to its offer. */
export function isOwnFault({ state, reason }: TaskStatus): boolean {
  return (state === "TASK_FAILED" || state === "TASK_ERROR") && reason !== "REASON_AGENT_DRAINING";
}

/**
 * Whether the Mesos executor that a task was for may not be there: it was never launched, or its agent is gone. A task that names one that
 * is not there, and takes no resources for it, is an error for the master.
 */
export function isWithoutSupervisor(state: TaskState): boolean {
  return isTerminal(state) && !["TASK_FINISHED", "TASK_FAILED", "TASK_KILLED"].includes(state);
}

/** Whether a task can be told to end. Killing one that cannot be reached has a master say again that it cannot be reached, and does no more. */
export function mayRun(state: TaskState): boolean {
  return !isTerminal(state) && state !== "TASK_UNREACHABLE" && state !== "TASK_UNKNOWN" && state !== "TASK_KILLING";
}

/** How the process of a task ended, as far as its last status tells. */
export function endOf({ data, state, message, reason }: TaskStatus): ProcessEnd {
  // How the process of one that was told to go ended says nothing of its work.
  const told = state === "TASK_KILLED" ? undefined : decodeProcessEnd(data);
  if (told !== undefined) return told;
  const words = message === undefined || message === "" ? (reason ?? "no reason is given") : message;
  return { code: undefined, signal: undefined, reason: `Mesos says ${state}: ${words}` };
}
