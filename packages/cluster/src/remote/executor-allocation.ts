import type { Clock, Timers } from "@gloam/common";

/** How many executors there are while jobs run and while none does. Times are in milliseconds. */
export interface AllocationOptions {
  readonly minExecutors: number;
  /** How many there are to begin with: one at least, so that the first job need not wait for it. */
  readonly initialExecutors: number;
  readonly maxExecutors: number;
  /** Tasks that one executor takes at once. */
  readonly placesPerExecutor: number;
  /** How long an executor may have nothing to do before it is let go. */
  readonly executorIdleTimeout: number;
  /** How long tasks wait for a place before executors are asked for, and then before more are. */
  readonly schedulerBacklogTimeout: number;
  /** In which an executor that is let go has to end. */
  readonly decommissionTimeout: number;
}

/** An executor as it looks to who lets it go. */
export interface AllocatedExecutor {
  readonly id: string;
  readonly isIdle: boolean;
  /** It holds blocks that somebody may need. */
  readonly holds: boolean;
}

/** What an allocation acts through. */
export interface AllocationActions {
  /** Those that are there and are not about to go. */
  executors(): readonly AllocatedExecutor[];
  /** Whether one that is about to go still holds blocks. */
  isMoving(): boolean;
  /** There shall be so many from now on. */
  want(executors: number): void;
  /** It is not needed: its blocks move to others, and then it may go. */
  letGo(executor: string, within: number): void;
}

/** How often idle executors are looked for: so many times before one has been idle for too long. */
const looks = 4;
/** Milliseconds between two looks, at least. */
const leastPause = 10;

/**
 * Asks for executors when tasks wait, first one, then twice as many each time, and lets go those that have had nothing to do: Spark's
 * dynamic allocation. An executor that holds blocks goes only where another can take them.
 */
export class ExecutorAllocation {
  readonly #options: AllocationOptions;
  readonly #timers: Timers;
  readonly #clock: Clock;
  readonly #actions: AllocationActions;
  /** When each was busy last. */
  readonly #busyAt = new Map<string, number>();
  #wanted: number;
  /** Places that could be used. */
  #demand = 0;
  #step = 1;
  #cancelGrowth: (() => void) | undefined;
  #cancelLook: () => void = () => undefined;

  constructor(
    options: AllocationOptions,
    { timers, clock }: { readonly timers: Timers; readonly clock: Clock },
    actions: AllocationActions,
  ) {
    this.#options = options;
    this.#timers = timers;
    this.#clock = clock;
    this.#actions = actions;
    this.#wanted = options.initialExecutors;
  }

  start(): void {
    this.#look();
  }

  /** So many tasks could run at once, in all. */
  demand(places: number): void {
    this.#demand = places;
    if (this.#needed() <= this.#wanted) this.#endGrowth();
    else if (this.#cancelGrowth === undefined) this.#growLater();
  }

  stop(): void {
    this.#endGrowth();
    this.#cancelLook();
  }

  #needed(): number {
    const { placesPerExecutor, maxExecutors } = this.#options;
    return Math.min(maxExecutors, Math.ceil(this.#demand / placesPerExecutor));
  }

  /** Whether there may be one less: tasks that could use it may run on one that is about to go. */
  #mayLose(): boolean {
    return this.#wanted > Math.max(this.#options.minExecutors, this.#needed());
  }

  #growLater(): void {
    this.#cancelGrowth = this.#timers.after(this.#options.schedulerBacklogTimeout, () => {
      this.#cancelGrowth = undefined;
      const needed = this.#needed();
      this.#want(Math.min(needed, this.#wanted + this.#step));
      this.#step *= 2;
      if (needed > this.#wanted) this.#growLater();
      else this.#endGrowth();
    });
  }

  #endGrowth(): void {
    this.#cancelGrowth?.();
    this.#cancelGrowth = undefined;
    this.#step = 1;
  }

  #want(executors: number): void {
    this.#wanted = executors;
    this.#actions.want(executors);
  }

  #look(): void {
    const { executorIdleTimeout } = this.#options;
    this.#cancelLook = this.#timers.after(Math.max(leastPause, executorIdleTimeout / looks), () => {
      const now = this.#clock.now();
      const executors = this.#actions.executors();
      const known = new Set(executors.map(({ id }) => id));
      for (const id of this.#busyAt.keys()) if (!known.has(id)) this.#busyAt.delete(id);
      let left = executors.length;
      let isMoving = this.#actions.isMoving();
      for (const { id, isIdle, holds } of executors) {
        const busyAt = this.#busyAt.get(id);
        if (!isIdle || busyAt === undefined) this.#busyAt.set(id, now);
        else if (now - busyAt >= executorIdleTimeout && this.#mayLose() && (left > 1 || !(holds || isMoving))) {
          left--;
          isMoving ||= holds;
          this.#want(this.#wanted - 1);
          this.#actions.letGo(id, this.#options.decommissionTimeout);
        }
      }
      this.#look();
    });
  }
}
