import type { ExecutorId, SlotId } from "./messages.ts";
import type { PartitionLocations } from "./stage-shape.ts";

/** Whether a task may go where it is about to go. */
export type Accept = (index: number) => boolean;

/** Indices first in, first out. Entries whose task is no longer pending are dropped when they come up. */
class Queue {
  readonly #items: number[] = [];
  #head = 0;

  push(index: number): void {
    this.#items.push(index);
  }

  /** The first live and accepted entry, which stays until it dies. */
  first(live: Accept, accept: Accept | undefined): number | undefined {
    const items = this.#items;
    while (this.#head < items.length && !live(items[this.#head] as number)) this.#head++;
    if (this.#head > 1024 && this.#head * 2 > items.length) {
      items.splice(0, this.#head);
      this.#head = 0;
    }
    for (let position = this.#head; position < items.length; position++) {
      const index = items[position] as number;
      if (live(index) && (accept === undefined || accept(index))) return index;
    }
    return undefined;
  }
}

/** The tasks of one stage attempt that wait for a slot, in queues by where they would rather run. */
export class PendingTasks {
  readonly #waiting: boolean[];
  readonly #live: Accept = (index) => this.#waiting[index] === true;
  #count = 0;
  readonly #any = new Queue();
  /** Tasks without a location, once there are tasks with one. */
  readonly #unconstrained = new Queue();
  readonly #bySlot = new Map<ExecutorId, Map<SlotId, Queue>>();
  /** By executor or host: the names don't meet, and sources may name either. */
  readonly #byLocation = new Map<string, Queue>();
  readonly #slow = new Set<number>();
  readonly #slowQueue = new Queue();

  /** @param size number of the stage's tasks */
  constructor(size: number) {
    this.#waiting = Array.from<boolean>({ length: size }).fill(false);
  }

  get count(): number {
    return this.#count;
  }

  /** Tasks whose running attempt is slow and that wait for a slot for a second. */
  get slow(): ReadonlySet<number> {
    return this.#slow;
  }

  get empty(): boolean {
    return this.#count === 0 && this.#slow.size === 0;
  }

  /** Some task has a location. */
  get localized(): boolean {
    return this.#byLocation.size > 0;
  }

  has(index: number): boolean {
    return this.#waiting[index] === true;
  }

  /** Every location that some task named; the tasks may have left. */
  locations(): Iterable<string> {
    return this.#byLocation.keys();
  }

  /** @param hostOf host of an executor that holds a cached block */
  add(index: number, locations: PartitionLocations, hostOf: (executor: ExecutorId) => string | undefined): void {
    if (this.#waiting[index] === true) return;
    this.#waiting[index] = true;
    this.#count++;
    this.#any.push(index);
    if (locations.length === 0) this.#unconstrained.push(index);
    for (const location of locations) {
      if (typeof location === "string") {
        this.#at(location).push(index);
        continue;
      }
      const { executor, slot } = location;
      const host = hostOf(executor);
      this.#at(executor).push(index);
      if (host !== undefined && host !== executor) this.#at(host).push(index);
      if (slot !== undefined) this.#atSlot(executor, slot).push(index);
    }
  }

  /** The task is launched or no longer wanted. */
  remove(index: number): void {
    this.#slow.delete(index);
    if (this.#waiting[index] !== true) return;
    this.#waiting[index] = false;
    this.#count--;
  }

  atSlot(executor: ExecutorId, slot: SlotId, accept?: Accept): number | undefined {
    return this.#bySlot.get(executor)?.get(slot)?.first(this.#live, accept);
  }

  /** @param location an executor's id or a host's name */
  at(location: string, accept?: Accept): number | undefined {
    return this.#byLocation.get(location)?.first(this.#live, accept);
  }

  unconstrained(accept?: Accept): number | undefined {
    return this.#unconstrained.first(this.#live, accept);
  }

  anywhere(accept?: Accept): number | undefined {
    return this.#any.first(this.#live, accept);
  }

  addSlow(index: number): void {
    if (this.#slow.has(index)) return;
    this.#slow.add(index);
    this.#slowQueue.push(index);
  }

  slowAnywhere(accept: Accept): number | undefined {
    return this.#slowQueue.first((index) => this.#slow.has(index), accept);
  }

  #at(location: string): Queue {
    let queue = this.#byLocation.get(location);
    if (queue === undefined) this.#byLocation.set(location, (queue = new Queue()));
    return queue;
  }

  #atSlot(executor: ExecutorId, slot: SlotId): Queue {
    let slots = this.#bySlot.get(executor);
    if (slots === undefined) this.#bySlot.set(executor, (slots = new Map<SlotId, Queue>()));
    let queue = slots.get(slot);
    if (queue === undefined) slots.set(slot, (queue = new Queue()));
    return queue;
  }
}
