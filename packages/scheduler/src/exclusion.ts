import { tasksAtOnce } from "./barrier/stage-demands.ts";
import type { ExclusionOptions } from "./options.ts";
import type { Executor, Executors } from "./executors.ts";
import type { ExecutorId } from "./messages.ts";
import type { Stage } from "./stage.ts";
import type { Task } from "./task.ts";

/** Leaves executors out whose tasks keep failing, for a while. */
export class Exclusion {
  readonly #options: ExclusionOptions | undefined;
  readonly #executors: Executors;
  /** Times of recent failures by executor. */
  readonly failures = new Map<ExecutorId, number[]>();
  readonly until = new Map<ExecutorId, number>();

  constructor(options: ExclusionOptions | undefined, executors: Executors) {
    this.#options = options;
    this.#executors = executors;
  }

  /** When the next exclusion ends; Infinity where there is none. */
  get nextExpiry(): number {
    return this.until.size === 0 ? Infinity : Math.min(...this.until.values());
  }

  recordFailure({ stage, index, executor }: Task, time: number): void {
    if (this.#options === undefined) return;
    let places = stage.failedOn.get(index);
    if (places === undefined) stage.failedOn.set(index, (places = new Map<ExecutorId, number>()));
    places.set(executor.id, (places.get(executor.id) ?? 0) + 1);

    const { failuresPerExecutor, timeout } = this.#options;
    const recent = (this.failures.get(executor.id) ?? []).filter((failure) => time - failure < timeout);
    recent.push(time);
    this.failures.set(executor.id, recent);
    if (recent.length < failuresPerExecutor) return;
    this.failures.delete(executor.id);
    this.until.set(executor.id, time + timeout);
    this.#set(executor, true);
  }

  /** Takes executors back whose time is over. */
  expire(time: number): void {
    if (this.until.size === 0) return;
    for (const [id, end] of this.until) {
      if (end > time) continue;
      this.until.delete(id);
      const executor = this.#executors.get(id);
      if (executor !== undefined) this.#set(executor, false);
    }
  }

  forget(executor: ExecutorId): void {
    this.failures.delete(executor);
    this.until.delete(executor);
  }

  /** Whether a task failed too often there, while it has not failed as often on every other usable executor that has room for it. */
  refuses(stage: Stage, index: number, executor: Executor): boolean {
    const places = stage.failedOn.get(index);
    if (places === undefined || !this.#tooOften(places, executor)) return false;
    for (const other of this.#executors.byId.values()) {
      if (other.usable && !this.#tooOften(places, other) && tasksAtOnce(stage, other) > 0) return true;
    }
    return false;
  }

  #tooOften(places: ReadonlyMap<ExecutorId, number>, executor: Executor): boolean {
    return (places.get(executor.id) ?? 0) >= (this.#options?.taskFailuresPerExecutor ?? Infinity);
  }

  #set(executor: Executor, excluded: boolean): void {
    executor.excluded = excluded;
    this.#executors.refresh(executor);
  }
}
