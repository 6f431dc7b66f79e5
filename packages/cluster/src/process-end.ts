/** The part of `process` that the end of a program is seen through. */
export interface ProcessEvents {
  on(event: "SIGINT" | "SIGTERM" | "exit", listener: () => void): unknown;
  off(event: "SIGINT" | "SIGTERM" | "exit", listener: () => void): unknown;
  listenerCount(event: "SIGINT" | "SIGTERM"): number;
  /** Sends a signal to this very process. */
  raise(signal: "SIGINT" | "SIGTERM"): void;
}

/**
 * Stops a driver when its process is told to end. `Ctrl-C` cancels jobs at once, also while a user function never
 * returns; the process then ends of the signal, as it would without us, unless the program listens to the signal itself.
 * A process that just exits gets its temporary files removed. The result takes the listeners away.
 */
export function stopAtProcessEnd(
  events: ProcessEvents,
  driver: { stop(): Promise<void>; removeFiles(): void },
): () => void {
  const signalled = (signal: "SIGINT" | "SIGTERM") => (): void => {
    const others = events.listenerCount(signal) > 1;
    void driver.stop().finally(() => {
      release();
      if (!others) events.raise(signal);
    });
  };
  const onInterrupt = signalled("SIGINT");
  const onTerminate = signalled("SIGTERM");
  const onExit = (): void => driver.removeFiles();
  const release = (): void => {
    events.off("SIGINT", onInterrupt);
    events.off("SIGTERM", onTerminate);
    events.off("exit", onExit);
  };
  events.on("SIGINT", onInterrupt);
  events.on("SIGTERM", onTerminate);
  events.on("exit", onExit);
  return release;
}

/** The running process's events. */
export const processEvents: ProcessEvents = {
  on: (event, listener) => process.on(event, listener),
  off: (event, listener) => process.off(event, listener),
  listenerCount: (event) => process.listenerCount(event),
  raise: (signal) => void process.kill(process.pid, signal),
};
