import type { ProcessEnd } from "@gloam/cluster/parts";
import type { Timers } from "@gloam/common";
import type { VirtualTime } from "./virtual-time.ts";

/** Why a process ended. */
export type ProcessCause = "crash" | "fleet" | "itself";

/** A process of the simulation: what happens in it happens while it lives and does not stand still. */
export class SimulatedProcess {
  readonly name: string;
  /** Timers as its code gets them, by a clock of its own. */
  readonly timers: Timers;
  readonly begun: number;
  /** When it last went on. */
  thawed = 0;
  ended: { readonly at: number; readonly how: ProcessEnd; readonly cause: ProcessCause } | undefined;
  readonly #time: VirtualTime;
  readonly #onEnd: (() => void)[] = [];
  /** What waits while it stands still. */
  #waiting: { readonly timer: boolean; readonly action: () => void }[] | undefined;
  #timersSet = 0;

  /** @param pace How long its milliseconds take by the simulation's: 1.1 for a clock that is slow by a tenth. */
  constructor(name: string, time: VirtualTime, pace: number) {
    this.name = name;
    this.#time = time;
    this.begun = time.now();
    this.timers = { after: (milliseconds, action) => this.#setTimer(milliseconds * pace, action) };
  }

  get alive(): boolean {
    return this.ended === undefined;
  }

  get frozen(): boolean {
    return this.#waiting !== undefined;
  }

  /** Timers that its code has set, and that have neither rung nor been cancelled. */
  get timersSet(): number {
    return this.#timersSet;
  }

  /** Something happens in it: now, later, or never. */
  perform(action: () => void, timer = false): void {
    if (!this.alive) return;
    if (this.#waiting === undefined) action();
    else this.#waiting.push({ timer, action });
  }

  /** Something happens in it after a while. */
  later(milliseconds: number, action: () => void): void {
    this.#time.after(milliseconds, () => this.perform(action));
  }

  freeze(): void {
    this.#waiting ??= [];
  }

  /** Goes on, with what came meanwhile: an event loop may see its timers first. */
  thaw(timersFirst: boolean): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    this.thawed = this.#time.now();
    const ordered = timersFirst
      ? [...waiting.filter(({ timer }) => timer), ...waiting.filter(({ timer }) => !timer)]
      : waiting;
    for (const { action, timer } of ordered) this.#time.after(0, () => this.perform(action, timer));
  }

  onEnd(action: () => void): void {
    this.#onEnd.push(action);
  }

  end(how: ProcessEnd, cause: ProcessCause): void {
    if (!this.alive) return;
    this.ended = { at: this.#time.now(), how, cause };
    for (const action of this.#onEnd) action();
  }

  #setTimer(milliseconds: number, action: () => void): () => void {
    let set = true;
    this.#timersSet++;
    const unset = (): boolean => {
      if (!set) return false;
      set = false;
      this.#timersSet--;
      return true;
    };
    const ring = (): void => {
      if (unset()) action();
    };
    const cancel = this.#time.after(milliseconds, () => this.perform(ring, true));
    return () => {
      if (unset()) cancel();
    };
  }
}
