import type { TaskMemory } from "@gloam/plan";

/**
 * The bytes that a map task's sink holds from beginning to end. A fixed part of what the task is guaranteed, taken before
 * anything else in the task asks: so when a buffer is full depends on the data alone, never on other tasks.
 */
export class SinkBudget {
  readonly bytes: number;
  readonly #memory: TaskMemory;
  #held: boolean;

  /** @param most No more than this, however much is guaranteed. */
  constructor(memory: TaskMemory, most: number) {
    this.bytes = Math.min(most, Math.floor(memory.guaranteed / 2));
    this.#memory = memory;
    // Within what is guaranteed; refused only to a task that broke the rule, which then goes on uncounted.
    this.#held = memory.acquire(this.bytes);
  }

  close(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#memory.release(this.bytes);
  }
}
