import type { ExecutorId, SlotId } from "./messages.ts";
import type { Task } from "./task.ts";

/** An executor and its task slots. */
export class Executor {
  readonly id: ExecutorId;
  readonly host: string;
  slots = 0;
  /** Worker threads; slot i is a place in the queue of thread i % threads. */
  threads = 0;
  /** Bytes, where it is known. */
  memory: number | undefined;
  /** Free slots; the lowest is last. */
  readonly free: SlotId[] = [];
  readonly running = new Map<SlotId, Task>();
  /** Slots that stay empty, because a task has their threads for itself. */
  readonly kept = new Map<SlotId, Task>();
  /** It gets no more tasks, and its blocks move away. */
  draining = false;
  /** It gets no tasks for a while, because too many failed. */
  excluded = false;
  /** The backend has been told that it may go. */
  released = false;

  constructor(id: ExecutorId, host: string) {
    this.id = id;
    this.host = host;
  }

  /** Whether tasks can run here. One without slots only keeps blocks. */
  get usable(): boolean {
    return !this.draining && !this.excluded && this.slots > 0;
  }

  /** Threads that have nothing to do: all of their slots are free. The lowest is last. */
  freeThreads(): number[] {
    const { free, slots, threads } = this;
    if (free.length * threads < slots) return [];
    const counts = new Map<number, number>();
    for (const slot of free) counts.set(slot % threads, (counts.get(slot % threads) ?? 0) + 1);
    const whole = [...counts].filter(([thread, count]) => count === this.slotsOf(thread).length);
    return whole.map(([thread]) => thread).sort((a, b) => b - a);
  }

  /** Slots of a thread. */
  slotsOf(thread: number): SlotId[] {
    const found: SlotId[] = [];
    for (let slot = thread; slot < this.slots; slot += this.threads) found.push(slot);
    return found;
  }
}

/** All live executors, and which have a slot to give. */
export class Executors {
  readonly byId = new Map<ExecutorId, Executor>();
  readonly draining = new Set<Executor>();
  /** Usable executors with a free slot. */
  readonly available = new Set<Executor>();

  get(id: ExecutorId): Executor | undefined {
    return this.byId.get(id);
  }

  /** Adds an executor, or changes how many slots a known one has. A slot that runs a task goes when the task ends. */
  add(id: ExecutorId, host: string, slots: number, threads = slots, memory?: number): Executor {
    let executor = this.byId.get(id);
    if (executor === undefined) this.byId.set(id, (executor = new Executor(id, host)));
    const wanted = Array.from({ length: slots }, (_, slot) => slots - 1 - slot);
    const { running, kept } = executor;
    executor.free.splice(0, Infinity, ...wanted.filter((slot) => !running.has(slot) && !kept.has(slot)));
    executor.slots = slots;
    executor.threads = threads;
    executor.memory = memory;
    this.refresh(executor);
    return executor;
  }

  remove(executor: Executor): void {
    this.byId.delete(executor.id);
    this.available.delete(executor);
    this.draining.delete(executor);
  }

  drain(executor: Executor): void {
    executor.draining = true;
    this.draining.add(executor);
    this.refresh(executor);
  }

  occupy(task: Task): void {
    const { executor, slot, kept } = task;
    executor.free.splice(executor.free.lastIndexOf(slot), 1);
    executor.running.set(slot, task);
    for (const other of kept) {
      executor.free.splice(executor.free.lastIndexOf(other), 1);
      executor.kept.set(other, task);
    }
    this.refresh(executor);
  }

  vacate(task: Task): void {
    const { executor, slot, kept } = task;
    executor.running.delete(slot);
    for (const other of kept) {
      executor.kept.delete(other);
      if (other < executor.slots) executor.free.push(other);
    }
    if (slot < executor.slots) executor.free.push(slot);
    this.refresh(executor);
  }

  /** To be called when an executor's usability changed. */
  refresh(executor: Executor): void {
    const offers = executor.usable && executor.free.length > 0 && this.byId.get(executor.id) === executor;
    if (offers) this.available.add(executor);
    else this.available.delete(executor);
  }

  /** Usable executors with free slots, the emptiest first, so that tasks spread. */
  emptiestFirst(): Executor[] {
    if (this.available.size < 2) return [...this.available];
    return [...this.available].sort((a, b) => b.free.length - a.free.length);
  }

  /** The first of `emptiestFirst`, for less. */
  emptiest(): Executor | undefined {
    let best: Executor | undefined;
    for (const executor of this.available) {
      if (best === undefined || executor.free.length > best.free.length) best = executor;
    }
    return best;
  }

  /** Whether a location, the name of an executor or a host, is one where tasks can run. */
  kindOf(location: string): "executor" | "host" | undefined {
    if (this.byId.get(location)?.usable === true) return "executor";
    for (const executor of this.byId.values()) {
      if (executor.usable && executor.host === location) return "host";
    }
    return undefined;
  }

  /** Number of executors that can run tasks, counted no further than `limit`. */
  usableUpTo(limit: number): number {
    let count = 0;
    for (const executor of this.byId.values()) {
      if (executor.usable && ++count >= limit) break;
    }
    return count;
  }
}
