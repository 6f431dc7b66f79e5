import type { ExecutorCallUpdate } from "../messages/executor.ts";
import type { TaskInfo, TaskState, TaskStatus } from "../messages/mesos.ts";

const terminalStates: ReadonlySet<TaskState> = new Set([
  "TASK_FINISHED",
  "TASK_FAILED",
  "TASK_KILLED",
  "TASK_ERROR",
  "TASK_LOST",
  "TASK_DROPPED",
  "TASK_GONE",
  "TASK_GONE_BY_OPERATOR",
]);

/**
 * Whether a task in this state will never run again. TASK_UNREACHABLE and TASK_UNKNOWN are not terminal: such a task may come
 * back.
 */
export function isTerminal(state: TaskState): boolean {
  return terminalStates.has(state);
}

/** What an agent has not confirmed, and is told at each subscription: it may have been restarted and have forgotten. */
export class Unacknowledged {
  /** Tasks that were launched and of which no update was acknowledged. */
  readonly #tasks = new Map<string, TaskInfo>();
  /** Updates by their uuids, oldest first. */
  readonly #updates = new Map<string, TaskStatus>();

  launched(task: TaskInfo): void {
    this.#tasks.set(task.task_id.value, task);
  }

  /** @param uuid in base64. */
  updated(uuid: string, status: TaskStatus): void {
    this.#updates.set(uuid, status);
  }

  acknowledged(taskId: string, uuid: string): void {
    this.#tasks.delete(taskId);
    this.#updates.delete(uuid);
  }

  get tasks(): readonly TaskInfo[] {
    return [...this.#tasks.values()];
  }

  get updates(): readonly ExecutorCallUpdate[] {
    return [...this.#updates.values()].map((status) => ({ status }));
  }

  /** Whether the end of a task is not confirmed. */
  get hasTerminal(): boolean {
    return [...this.#updates.values()].some(({ state }) => isTerminal(state));
  }
}
