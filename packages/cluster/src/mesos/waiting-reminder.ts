import type { Timers } from "@gloam/common";

/** Milliseconds without an executor before the user is told what is waited for, and then between two words. */
const firstNotice = 5000;
const noticeInterval = 60_000;

export interface WaitingReminderOptions {
  readonly timers: Timers;
  readonly isWaiting: () => boolean;
  /** What is waited for. */
  readonly describe: () => string;
  readonly notify: (message: string) => void;
}

/** Tells the user why there is no executor, as long as there is none. */
export class WaitingReminder {
  readonly #options: WaitingReminderOptions;
  #cancel: () => void = () => undefined;

  constructor(options: WaitingReminderOptions) {
    this.#options = options;
  }

  start(delay = firstNotice): void {
    const { timers, isWaiting, describe, notify } = this.#options;
    this.#cancel = timers.after(delay, () => {
      const waits = isWaiting();
      if (waits) notify(describe());
      this.start(waits ? noticeInterval : firstNotice);
    });
  }

  stop(): void {
    this.#cancel();
  }
}
