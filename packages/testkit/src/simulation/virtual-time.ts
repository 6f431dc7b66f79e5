import type { Clock } from "@gloam/common";

interface Appointment {
  readonly at: number;
  readonly order: number;
  action: (() => void) | undefined;
}

/** Time that passes only from one thing that happens to the next: a clock, and all that is due. Milliseconds. */
export class VirtualTime implements Clock {
  #now = 0;
  #order = 0;
  /** A heap: the next is first. */
  readonly #heap: Appointment[] = [];

  now(): number {
    return this.#now;
  }

  /** Has something happen after so many milliseconds, after all that is due at the same time; the result cancels it. */
  after(milliseconds: number, action: () => void): () => void {
    const appointment: Appointment = { at: this.#now + Math.max(0, milliseconds), order: this.#order++, action };
    this.#push(appointment);
    return () => (appointment.action = undefined);
  }

  /** Lets the next thing happen, if it is due by then; false when nothing is. Time goes on to it, or to then. */
  next(until: number): boolean {
    for (let first = this.#heap[0]; first !== undefined && first.at <= until; first = this.#heap[0]) {
      this.#pop();
      const { action, at } = first;
      if (action === undefined) continue;
      this.#now = at;
      action();
      return true;
    }
    if (until < Infinity) this.#now = Math.max(this.#now, until);
    return false;
  }

  #push(appointment: Appointment): void {
    const heap = this.#heap;
    let at = heap.push(appointment) - 1;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      const parent = heap[above];
      if (parent === undefined || isBefore(parent, appointment)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = appointment;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      let child = heap[below];
      const other = heap[below + 1];
      if (child !== undefined && other !== undefined && isBefore(other, child)) {
        child = other;
        below++;
      }
      if (child === undefined || isBefore(last, child)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}

function isBefore(a: Appointment, b: Appointment): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
