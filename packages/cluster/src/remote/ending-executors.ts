import type { Timers } from "@gloam/common";
import type { ProcessEnd } from "./fleet.ts";

/** How long the end of a process may lag behind that of its connection, in milliseconds. */
const exitPatience = 500;

interface EndingExecutor {
  readonly settle: (end: ProcessEnd | undefined) => void;
  readonly cancel: () => void;
}

/** Executors whose connection is gone, until it is known how their process ended, or nobody will say. */
export class EndingExecutors {
  readonly #timers: Timers;
  readonly #ending = new Map<string, EndingExecutor>();

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  /** @param onSettled Called once: with how its process ended, or with nothing where that has not been heard in time. */
  add(id: string, onSettled: (end: ProcessEnd | undefined) => void): void {
    // Of one before it of the same name nothing more will be heard: what is heard from now on is of this one.
    this.settle(id, undefined);
    const cancel = this.#timers.after(exitPatience, () => this.settle(id, undefined));
    this.#ending.set(id, { settle: onSettled, cancel });
  }

  /** It is known how it ended, or nobody waits any longer to know; nothing for others. */
  settle(id: string, end: ProcessEnd | undefined): void {
    const ending = this.#ending.get(id);
    if (ending === undefined) return;
    this.#ending.delete(id);
    ending.cancel();
    ending.settle(end);
  }

  /** Nobody wants to know any more. */
  clear(): void {
    for (const { cancel } of this.#ending.values()) cancel();
    this.#ending.clear();
  }
}
