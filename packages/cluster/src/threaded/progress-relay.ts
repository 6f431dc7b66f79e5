import type { StageId } from "@gloam/scheduler";
import type { StageEvent } from "../scheduling.ts";
import type { Timers } from "@gloam/common";

/** What the main thread has not been told of a stage, each at most once, to be told in this order. */
interface Untold {
  finished?: StageEvent | undefined;
  started?: StageEvent | undefined;
  progress?: StageEvent | undefined;
}

/** Milliseconds between two reports: what a bar draws at most. */
const interval = 100;

/**
 * Tells the main thread how stages go on, no more often than it can be seen, and not at all while it has not taken the
 * last report: it may compute for minutes. What is out of date by then is dropped, so that what waits is bounded by the
 * number of running stages.
 */
export class ProgressRelay {
  readonly #send: (events: readonly StageEvent[]) => void;
  readonly #timers: Timers;
  readonly #untold = new Map<StageId, Untold>();
  /** Stages whose start has been told and whose end has not. */
  readonly #told = new Set<StageId>();
  /** Reports that the main thread has not taken yet. */
  #unseen = 0;
  #waiting = false;

  constructor(send: (events: readonly StageEvent[]) => void, timers: Timers) {
    this.#send = send;
    this.#timers = timers;
  }

  add(event: StageEvent): void {
    const untold = this.#untold.get(event.stage) ?? {};
    if (event.type === "stageStarted") {
      untold.started = event;
      untold.progress = undefined;
    } else if (event.type === "stageProgress") {
      if (untold.started === undefined && !this.#told.has(event.stage)) return;
      untold.progress = event;
    } else {
      // A start that was not told needs no end.
      if (this.#told.has(event.stage)) untold.finished = event;
      untold.started = untold.progress = undefined;
      if (untold.finished === undefined) return void this.#untold.delete(event.stage);
    }
    this.#untold.set(event.stage, untold);
    this.#wait();
  }

  /** The main thread has taken a report. */
  seen(): void {
    this.#unseen--;
    this.#wait();
  }

  /** Tells everything at once: a job ends, and its bars shall be gone before its program prints. */
  flush(): void {
    if (this.#untold.size === 0) return;
    const events: StageEvent[] = [];
    for (const [stage, { finished, started, progress }] of this.#untold) {
      if (finished !== undefined) this.#told.delete(stage);
      if (started !== undefined) this.#told.add(stage);
      for (const event of [finished, started, progress]) {
        if (event !== undefined) events.push(event);
      }
    }
    this.#untold.clear();
    this.#unseen++;
    this.#send(events);
  }

  #wait(): void {
    if (this.#waiting || this.#unseen > 0 || this.#untold.size === 0) return;
    this.#waiting = true;
    this.#timers.after(interval, () => {
      this.#waiting = false;
      if (this.#unseen === 0) this.flush();
    });
  }
}
