import type { TaskMemory } from "@gloam/plan";
import type { RemoteInput } from "./remote-input.ts";

/** A chunk to ask for. */
export interface Wanted {
  readonly input: RemoteInput;
  readonly chunk: number;
}

/** Part of the guaranteed memory that may be taken for what is asked ahead: the rest is for those who cannot do without. */
const memoryFraction = 1 / 4;
/** Part of the budget that is for whoever waits: others leave it free. */
const waiterFraction = 1 / 4;
/** What is asked for is asked for in pieces of such a part of the budget at least, not chunk by chunk. */
const refillFraction = 1 / 4;

/**
 * Chunks that will be read in this order: of several segments from beginning to end, or a range of one. Of a range nothing is
 * asked for before somebody waits, then a chunk ahead, then twice as much after each that is read: ranges are also opened
 * only to look at the first batch, or by the hundred for a merge.
 */
export class ReadingOrder {
  readonly #inputs: readonly RemoteInput[];
  readonly #to: number;
  readonly #isRange: boolean;
  #at = 0;
  #chunk: number;
  /** In a range: the first chunk that is not read, and how many from there on may be asked for. */
  #position: number;
  #window: number;

  constructor(inputs: readonly RemoteInput[], range?: { readonly from: number; readonly to: number }) {
    this.#inputs = inputs;
    this.#isRange = range !== undefined;
    this.#to = range?.to ?? Infinity;
    this.#chunk = range?.from ?? 0;
    this.#position = this.#chunk;
    this.#window = this.#isRange ? 1 : Infinity;
  }

  get isRange(): boolean {
    return this.#isRange;
  }

  /** The next chunk that may be asked for; undefined where there is none now, null where there will be none. */
  next(): Wanted | undefined | null {
    for (;;) {
      const input = this.#inputs[this.#at];
      if (input === undefined) return null;
      if (this.#chunk >= Math.min(input.chunks, this.#to) || input.failure !== undefined) {
        this.#at++;
        this.#chunk = 0;
      } else if (this.#chunk - this.#position >= this.#window) return undefined;
      else if (input.isUntouched(this.#chunk)) return { input, chunk: this.#chunk };
      else this.#chunk++;
    }
  }

  /** A chunk of a range was read. */
  hasRead(chunk: number): void {
    if (!this.#isRange) return;
    this.#position = Math.max(this.#position, chunk + 1);
    this.#chunk = Math.max(this.#chunk, this.#position);
    this.#window *= 2;
  }
}

/**
 * What a task asks for ahead of reading, within a budget of bytes that were asked for and are not read. Whoever waits for a
 * chunk gets it whatever the budget, so that readers of many segments side by side never wait for each other's.
 */
export class ReadAhead {
  readonly #maxBytes: number;
  readonly #orders = new Set<ReadingOrder>();
  #memory: TaskMemory | undefined;
  #bytes = 0;
  #accounted = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that were asked for and are not read. */
  get bytes(): number {
    return this.#bytes;
  }

  use(memory: TaskMemory): void {
    this.#memory = memory;
  }

  add(order: ReadingOrder): void {
    this.#orders.add(order);
  }

  /** What is asked for and within the order only is dropped by whoever removes it. */
  remove(order: ReadingOrder): void {
    this.#orders.delete(order);
  }

  /** Chunks to ask for now: the one that is waited for first, then what fits, of all orders in turn. They count as asked for. */
  take(waited?: Wanted & { readonly order: ReadingOrder | undefined }): Wanted[] {
    const budget = Math.min(this.#maxBytes, (this.#memory?.guaranteed ?? 0) * memoryFraction);
    const taken: Wanted[] = [];
    if (waited !== undefined) {
      const { input, chunk, order } = waited;
      this.#ask(taken, { input, chunk }, Infinity);
      // Its next chunks too, from the part of the budget that others leave free.
      if (order !== undefined) this.#fill(taken, [order], budget);
    } else if (this.#bytes > budget * (1 - waiterFraction - refillFraction)) return taken;
    this.#fill(taken, this.#orders, budget * (1 - waiterFraction));
    return taken;
  }

  /** A pending chunk was read, or is not wanted any more. */
  settle(input: RemoteInput, chunk: number, wasRead: boolean): void {
    if (!input.isPending(chunk)) return;
    const bytes = input.bytesOf(chunk);
    this.#bytes -= bytes;
    if (!input.forget(chunk, wasRead)) return;
    this.#accounted -= bytes;
    this.#memory?.release(bytes);
  }

  /** Begins anew, for another task. */
  clear(): void {
    this.#memory?.release(this.#accounted);
    this.#memory = undefined;
    this.#accounted = 0;
    this.#bytes = 0;
    this.#orders.clear();
  }

  /** Asks for the next chunks of these orders by turns, until there is nothing more to ask for or no room. */
  #fill(taken: Wanted[], orders: Iterable<ReadingOrder>, budget: number): void {
    let isMore = true;
    while (isMore) {
      isMore = false;
      for (const order of orders) {
        const next = order.next();
        if (next === null) this.#orders.delete(order);
        else if (next !== undefined) {
          if (!this.#ask(taken, next, budget)) return;
          isMore = true;
        }
      }
    }
  }

  /** Whether there was room for it. */
  #ask(taken: Wanted[], wanted: Wanted, budget: number): boolean {
    const bytes = wanted.input.bytesOf(wanted.chunk);
    if (this.#bytes > 0 && this.#bytes + bytes > budget) return false;
    const isAccounted = this.#memory?.acquire(bytes) === true;
    if (!isAccounted && budget !== Infinity) return false;
    if (isAccounted) this.#accounted += bytes;
    this.#bytes += bytes;
    wanted.input.ask(wanted.chunk, isAccounted);
    taken.push(wanted);
    return true;
  }
}
