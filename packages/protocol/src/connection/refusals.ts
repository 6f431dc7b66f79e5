import type { GloamError, Timers } from "@gloam/common";

/** Milliseconds between two reports. */
const interval = 60_000;

/** Reports connections that were refused: the first at once, and of those that follow how many there were, once a minute. */
export class Refusals {
  readonly #report: (message: string) => void;
  readonly #timers: Timers;
  #waiting = 0;
  #last: GloamError | undefined;
  #cancel: (() => void) | undefined;

  constructor(report: (message: string) => void, timers: Timers) {
    this.#report = report;
    this.#timers = timers;
  }

  add(error: GloamError): void {
    if (this.#cancel === undefined) {
      this.#report(error.message);
      this.#wait();
      return;
    }
    this.#waiting++;
    this.#last = error;
  }

  /** Reports what waits, and no more. */
  stop(): void {
    this.#cancel?.();
    this.#tell();
  }

  #wait(): void {
    this.#cancel = this.#timers.after(interval, () => {
      this.#cancel = undefined;
      if (this.#waiting > 0) this.#wait();
      this.#tell();
    });
  }

  #tell(): void {
    if (this.#waiting > 0)
      this.#report(`${this.#waiting} more connections were refused; the last: ${this.#last?.message}`);
    this.#waiting = 0;
  }
}
