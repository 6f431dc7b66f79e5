/** Timers; virtual in tests. */
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
