import type { TaskId } from "../messages.ts";
import type { Task } from "../task.ts";
import { BarrierSync, type BarrierBlock } from "./barrier-sync.ts";

/** What a task has given. */
export interface TaskResult {
  readonly task: Task;
  readonly value: unknown;
  readonly accumulators: unknown;
}

/** Unique in a driver. */
export type BarrierRunId = number;

/** One attempt of a barrier stage: all of its tasks, which succeed together or are run together again. */
export class BarrierRun {
  readonly id: BarrierRunId;
  readonly size: number;
  readonly sync: BarrierSync;
  /** Tasks that hold a slot, be they wanted or killed. */
  readonly living = new Map<TaskId, Task>();
  /** Tasks by rank. */
  readonly tasks: Task[] = [];
  /** Results of tasks that have ended well, by index, until all have: where another fails, these are computed again too. */
  readonly results = new Map<number, TaskResult>();
  /** What tasks that have written map outputs added to accumulators, until all have: that of two attempts would not fit together. */
  readonly added: { readonly task: Task; readonly accumulators: unknown }[] = [];
  /** Tasks that have asked whether they may commit: all may when all have asked. */
  readonly committing: Task[] = [];
  /** Blocks given by tasks that are wanted no more, until nobody can read them. */
  readonly garbage: BarrierBlock[] = [];
  /** Its tasks are wanted no more. */
  abandoned = false;

  constructor(id: BarrierRunId, size: number, timeout: number) {
    this.id = id;
    this.size = size;
    this.sync = new BarrierSync(size, timeout);
  }
}
