import type { Random, Timers } from "@gloam/common";
import { systemTimers } from "@gloam/common";
import { BackOff } from "../http/back-off.ts";
import type { SchedulerCallReconcileTask } from "../messages/scheduler.ts";

/** How tasks are asked for. */
export interface ReconciliationOptions {
  /** Sends RECONCILE with these tasks, or without any, by which the master tells all that it knows. */
  readonly send: (tasks: readonly SchedulerCallReconcileTask[]) => void;
  /** Called before the tasks that have not answered are asked for again, with how often they were asked for. */
  readonly onUnanswered?: ((tasks: readonly SchedulerCallReconcileTask[], rounds: number) => void) | undefined;
  /** Milliseconds between questions about all tasks, while none are asked for by name; never when left out. */
  readonly implicitEvery?: number | undefined;
  /** Milliseconds until the first round is repeated, at most; it doubles with each. 10 s when left out. */
  readonly firstDelay?: number | undefined;
  /** Milliseconds between rounds, at most. 5 min when left out. */
  readonly mostDelay?: number | undefined;
  readonly timers?: Timers | undefined;
  readonly random?: Pick<Random, "next"> | undefined;
}

/**
 * Asks the master what has become of tasks, one question at a time: by name until each has answered, in rounds that become
 * rarer, as masters don't answer for agents that have not come back yet; and now and then about all.
 */
export class Reconciliation {
  readonly #options: ReconciliationOptions;
  readonly #timers: Timers;
  readonly #backOff: BackOff;
  readonly #waiting = new Map<string, SchedulerCallReconcileTask>();
  #rounds = 0;
  #cancelRound = (): void => {};
  #cancelImplicit = (): void => {};

  constructor(options: ReconciliationOptions) {
    const { firstDelay = 10_000, mostDelay = 300_000, random = { next: Math.random } } = options;
    this.#options = options;
    this.#timers = options.timers ?? systemTimers;
    this.#backOff = new BackOff({ first: firstDelay, most: mostDelay, random: () => random.next() });
  }

  /**
   * Begins, as after each subscription, with all tasks that are not known to have ended; what was being asked for before is
   * dropped. Without tasks there is nothing to ask for by name.
   */
  begin(tasks: readonly SchedulerCallReconcileTask[]): void {
    this.stop();
    for (const task of tasks) this.#waiting.set(task.task_id.value, task);
    this.#rounds = 0;
    this.#backOff.reset();
    this.#awaitImplicit();
    this.#ask();
  }

  /** An update of a task came, whatever it was an answer to. */
  heard(taskId: string): void {
    if (this.#waiting.delete(taskId) && this.#waiting.size === 0) this.#cancelRound();
  }

  /** Tasks that have not answered. */
  get unanswered(): readonly SchedulerCallReconcileTask[] {
    return [...this.#waiting.values()];
  }

  /** Ends it, as when the subscription is lost; no timer is left. */
  stop(): void {
    this.#cancelRound();
    this.#cancelImplicit();
    this.#waiting.clear();
  }

  #ask(): void {
    if (this.#waiting.size === 0) return;
    this.#rounds++;
    this.#cancelRound = this.#timers.after(this.#backOff.next(), () => {
      this.#options.onUnanswered?.(this.unanswered, this.#rounds);
      this.#ask();
    });
    this.#options.send(this.unanswered);
  }

  #awaitImplicit(): void {
    const { implicitEvery } = this.#options;
    if (implicitEvery === undefined) return;
    this.#cancelImplicit = this.#timers.after(implicitEvery, () => {
      this.#awaitImplicit();
      if (this.#waiting.size === 0) this.#options.send([]);
    });
  }
}
