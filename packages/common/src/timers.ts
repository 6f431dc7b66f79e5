/** Source of delays. Passed in wherever something waits, so that tests can replay it. */
export interface Timers {
  /** Calls back once after `milliseconds`; the result cancels it. Never keeps the process alive. */
  after(milliseconds: number, action: () => void): () => void;
}

/** The process's own timers. */
export const systemTimers: Timers = {
  after(milliseconds, action) {
    const timer = setTimeout(action, Math.max(0, milliseconds));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
