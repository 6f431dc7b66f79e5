/** The part of `process` that the end of a program is seen through. */
export interface ProcessEvents {
  on(event: "SIGINT" | "SIGTERM" | "exit", listener: () => void): unknown;
  off(event: "SIGINT" | "SIGTERM" | "exit", listener: () => void): unknown;
  listenerCount(event: "SIGINT" | "SIGTERM"): number;
  /** Sends a signal to this very process. */
  raise(signal: "SIGINT" | "SIGTERM"): void;
}

/** What a driver offers for the end of its process. */
export interface EndingDriver {
  /** Cancels jobs, whose promises reject, and frees everything. */
  stop(): Promise<void>;
  /** Frees everything and never says more of the jobs: nobody is left to be told. */
  abandon(): Promise<void>;
  /** Removes temporary files at once. */
  removeFiles(): void;
}

/** The drivers of a process behind one listener for each event. */
class ProcessWatch {
  readonly #events: ProcessEvents;
  readonly #drivers = new Set<EndingDriver>();
  readonly #onInterrupt = (): void => this.#signalled("SIGINT");
  readonly #onTerminate = (): void => this.#signalled("SIGTERM");
  readonly #onExit = (): void => this.#drivers.forEach((driver) => driver.removeFiles());

  constructor(events: ProcessEvents) {
    this.#events = events;
  }

  add(driver: EndingDriver): void {
    if (this.#drivers.size === 0) {
      this.#events.on("SIGINT", this.#onInterrupt);
      this.#events.on("SIGTERM", this.#onTerminate);
      this.#events.on("exit", this.#onExit);
    }
    this.#drivers.add(driver);
  }

  remove(driver: EndingDriver): void {
    if (!this.#drivers.delete(driver) || this.#drivers.size > 0) return;
    this.#events.off("SIGINT", this.#onInterrupt);
    this.#events.off("SIGTERM", this.#onTerminate);
    this.#events.off("exit", this.#onExit);
  }

  #signalled(signal: "SIGINT" | "SIGTERM"): void {
    const drivers = [...this.#drivers];
    if (this.#events.listenerCount(signal) > 1) {
      for (const driver of drivers) void driver.stop();
      return;
    }
    void Promise.allSettled(drivers.map((driver) => driver.abandon())).then(() => {
      for (const driver of drivers) this.remove(driver);
      this.#events.raise(signal);
    });
  }
}

const watches = new WeakMap<ProcessEvents, ProcessWatch>();

/**
 * Stops a driver when its process is told to end. `Ctrl-C` ends jobs at once, also while a user function never returns;
 * the process then ends of the signal, as it would without us. A program that listens to the signal itself decides for
 * itself: it sees its jobs cancelled. A process that just exits gets its temporary files removed. The result takes the
 * driver off the watch.
 */
export function stopAtProcessEnd(events: ProcessEvents, driver: EndingDriver): () => void {
  let watch = watches.get(events);
  if (watch === undefined) {
    watch = new ProcessWatch(events);
    watches.set(events, watch);
  }
  const watching = watch;
  watching.add(driver);
  return () => watching.remove(driver);
}

/** The running process's events. */
export const processEvents: ProcessEvents = {
  on: (event, listener) => process.on(event, listener),
  off: (event, listener) => process.off(event, listener),
  listenerCount: (event) => process.listenerCount(event),
  raise: (signal) => void process.kill(process.pid, signal),
};
