import type { SchedulerInstruction } from "./messages.ts";

/**
 * The machine's one alarm. Whatever depends on time says after every event when it is due next; a timer that rings
 * wakes all of it, so timers need no purposes and no cancelling.
 */
export class Alarm {
  #next = 0;
  #timer = -1;
  #at = Infinity;

  /** When the timer that counts rings; Infinity where none runs. */
  get at(): number {
    return this.#at;
  }

  /** Sees to it that a timer rings by then; undefined when one does already. */
  ringBy(time: number): Extract<SchedulerInstruction, { type: "setTimer" }> | undefined {
    if (time >= this.#at) return undefined;
    this.#timer = this.#next++;
    this.#at = time;
    return { type: "setTimer", timer: this.#timer, at: time };
  }

  /** A timer rang. One that was overtaken by an earlier one means nothing. */
  rang(timer: number): void {
    if (timer === this.#timer) this.#at = Infinity;
  }
}
