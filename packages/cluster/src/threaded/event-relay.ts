import type { Timers } from "@gloam/common";
import type { SchedulingEvent } from "../scheduling-event.ts";

/** Milliseconds that an event waits for others at most. */
const interval = 50;

/** Events that wait at most. */
const most = 1000;

/** Sends events to the main thread many at a time: a message for each would cost more than the event. */
export class EventRelay {
  readonly #send: (events: readonly SchedulingEvent[]) => void;
  readonly #timers: Timers;
  #waiting: SchedulingEvent[] = [];
  #cancelTimer: (() => void) | undefined;

  constructor(send: (events: readonly SchedulingEvent[]) => void, timers: Timers) {
    this.#send = send;
    this.#timers = timers;
  }

  add(event: SchedulingEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length >= most) this.flush();
    else this.#cancelTimer ??= this.#timers.after(interval, () => this.flush());
  }

  /** Sends what waits at once. */
  flush(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#waiting.length === 0) return;
    const events = this.#waiting;
    this.#waiting = [];
    this.#send(events);
  }
}
