import type { TaskStatus } from "@gloam/mesos";
import type { ProcessEnd } from "../remote/fleet.ts";
import { decodeProcessEnd } from "./process-end-data.ts";

/** Whether a task ended by its own doing, rather than by what happened to its agent or to its offer. */
export function isOwnFault({ state, reason }: TaskStatus): boolean {
  return (state === "TASK_FAILED" || state === "TASK_ERROR") && reason !== "REASON_AGENT_DRAINING";
}

/** How the process of a task ended, as far as its last status tells. */
export function endOf({ data, state, message, reason }: TaskStatus): ProcessEnd {
  const told = decodeProcessEnd(data);
  if (told !== undefined) return told;
  const words = message === undefined || message === "" ? (reason ?? "no reason is given") : message;
  return { code: undefined, signal: undefined, reason: `Mesos says ${state}: ${words}` };
}
