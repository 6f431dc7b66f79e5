import type { TaskId, TaskLaunch } from "@gloam/scheduler";

interface RunningTask {
  readonly executor: string;
  /** It may read blocks wherever it was told that they lie. */
  readonly reads: boolean;
}

/** The tasks that executors have, from their launch until their end is known, and what waits for the end of some. */
export class RunningTasks {
  readonly #tasks = new Map<TaskId, RunningTask>();
  readonly #waiting = new Set<{ readonly tasks: Set<TaskId>; readonly action: () => void }>();

  launched({ task, executor, shuffles, cached, peers }: TaskLaunch): void {
    // Tasks of a barrier read what the others give them, too.
    this.#tasks.set(task, { executor, reads: shuffles.length + cached.length > 0 || peers !== undefined });
  }

  ended(task: TaskId): void {
    if (!this.#tasks.delete(task)) return;
    for (const wait of this.#waiting) {
      if (!wait.tasks.delete(task) || wait.tasks.size > 0) continue;
      this.#waiting.delete(wait);
      wait.action();
    }
  }

  /** An executor is gone, and its tasks with it. */
  lost(id: string): void {
    for (const [task, { executor }] of this.#tasks) if (executor === id) this.ended(task);
  }

  /** Tasks that an executor has. */
  on(id: string): number {
    let count = 0;
    for (const { executor } of this.#tasks.values()) if (executor === id) count++;
    return count;
  }

  /** Does something once all tasks that read blocks now have ended: those that come later are told where blocks lie by then. */
  afterReaders(action: () => void): void {
    const tasks = new Set([...this.#tasks].flatMap(([task, { reads }]) => (reads ? [task] : [])));
    if (tasks.size === 0) action();
    else this.#waiting.add({ tasks, action });
  }
}
