import { VirtualClock, type Timers } from "@gloam/common";

/** Timers that fire when their time is advanced past them, in order. */
export class VirtualTimers implements Timers {
  readonly clock = new VirtualClock();
  readonly #pending = new Set<{ readonly at: number; readonly action: () => void }>();

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.clock.now() + milliseconds, action };
    this.#pending.add(timer);
    return () => this.#pending.delete(timer);
  }

  get pending(): number {
    return this.#pending.size;
  }

  advance(milliseconds: number): void {
    const end = this.clock.now() + milliseconds;
    for (;;) {
      const [next] = [...this.#pending].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#pending.delete(next);
      this.clock.advance(Math.max(0, next.at - this.clock.now()));
      next.action();
    }
    this.clock.advance(end - this.clock.now());
  }
}
