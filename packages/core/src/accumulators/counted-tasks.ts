import type { AccumulatingTask, ShuffleId } from "@gloam/plan";

/**
 * Which map tasks have been counted, as long as their shuffle lives: one whose output was lost and computed anew, in whatever job,
 * counts once.
 */
export class CountedTasks {
  readonly #shuffles = new Map<ShuffleId, Set<number>>();

  /** Whether the task counts: the first of its partition does. */
  count(task: AccumulatingTask): boolean {
    // Of a job's partition there is one result.
    if (task.kind === "result") return true;
    const counted = this.#shuffles.get(task.shuffle) ?? new Set();
    if (counted.has(task.index)) return false;
    counted.add(task.index);
    this.#shuffles.set(task.shuffle, counted);
    return true;
  }

  /** No job can need these any more. */
  forget(shuffles: readonly ShuffleId[]): void {
    for (const shuffle of shuffles) this.#shuffles.delete(shuffle);
  }
}
