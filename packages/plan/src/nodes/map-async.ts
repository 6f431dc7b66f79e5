import type { CapturedFunction } from "@gloam/closure";
import type { Batch } from "../batch.ts";
import type { BatchReader, KernelContext, ReaderKernel } from "../kernel.ts";
import type { PlanNode } from "../node.ts";
import { oneToOneNode, planKernel, type NodeOrigin } from "../operation-node.ts";
import { rowsOfBatch } from "../rows-of-batch.ts";

/** Each element becomes what the promise `f(element)` gives, in the order of the elements; at most `concurrency` at a time. */
export function mapAsyncNode(origin: NodeOrigin, parent: PlanNode, f: CapturedFunction, concurrency: number): PlanNode {
  return oneToOneNode(origin, parent, planKernel("mapAsyncKernel", [f], { concurrency }));
}

/** Kernel of `mapAsyncNode`. */
export const mapAsyncKernel: ReaderKernel = {
  kind: "reader",
  open: (context, [input]) => new AsyncMapReader(input!.open(), context),
};

/** Calls that are started but not handed on, for each that may run: a slow first one does not stop the others at once. */
const windowPerCall = 8;

type Call = { readonly state: "running" } | { readonly state: "done"; readonly value: unknown } | FailedCall;
interface FailedCall {
  readonly state: "failed";
  readonly error: unknown;
}
const running: Call = { state: "running" };

/** Keeps a window of calls in the order of their elements, and hands on the finished ones at its head. */
class AsyncMapReader implements BatchReader {
  readonly #input: BatchReader;
  readonly #call: (element: unknown) => unknown;
  readonly #concurrency: number;
  readonly #checkCancelled: () => void;
  readonly #window: Call[] = [];
  /** Number of the call at the head of the window. */
  #head = 0;
  #runningCalls = 0;
  #rows: ArrayLike<unknown> = [];
  #length = 0;
  #at = 0;
  #ended = false;
  #closed = false;
  #wake: () => void = () => undefined;

  constructor(input: BatchReader, context: KernelContext) {
    this.#input = input;
    this.#call = context.functions[0] as (element: unknown) => unknown;
    this.#concurrency = (context.data as { concurrency: number }).concurrency;
    this.#checkCancelled = () => context.checkCancelled();
  }

  ready(): Promise<void> | undefined {
    return this.#hasNext() ? undefined : this.#advance();
  }

  next(): Batch | undefined {
    const rows: unknown[] = [];
    for (let call = this.#window[0]; call !== undefined && call.state !== "running"; call = this.#window[0]) {
      if (call.state === "failed") throw call.error;
      rows.push(call.value);
      this.#window.shift();
      this.#head++;
    }
    // Further calls start in `ready`, which the consumer awaits next.
    return rows.length === 0 && this.#ended && this.#window.length === 0 ? undefined : { length: rows.length, rows };
  }

  close(): void {
    this.#closed = true;
    this.#input.close?.();
  }

  #hasNext(): boolean {
    const [first] = this.#window;
    return first === undefined ? this.#ended : first.state !== "running";
  }

  /** Starts calls until the window or the number of running ones is full; returns once the first has finished. */
  async #advance(): Promise<void> {
    while (!this.#closed) {
      this.#checkCancelled();
      // Made before calls start: they may finish while others are being started.
      const oneFinished = new Promise<void>((resolve) => (this.#wake = resolve));
      await this.#start();
      if (this.#hasNext()) return;
      await oneFinished;
    }
  }

  async #start(): Promise<void> {
    while (this.#runningCalls < this.#concurrency && this.#window.length < windowPerCall * this.#concurrency) {
      if (this.#at >= this.#length) {
        if (this.#ended) return;
        await this.#input.ready?.();
        const batch = this.#input.next();
        if (batch === undefined) {
          this.#ended = true;
          return;
        }
        this.#rows = rowsOfBatch(batch);
        this.#length = batch.length;
        this.#at = 0;
        continue;
      }
      const number = this.#head + this.#window.length;
      this.#window.push(running);
      this.#runningCalls++;
      void this.#run(number, this.#rows[this.#at++]);
    }
  }

  async #run(number: number, element: unknown): Promise<void> {
    let outcome: Call;
    try {
      outcome = { state: "done", value: await this.#call(element) };
    } catch (error) {
      outcome = { state: "failed", error };
    }
    this.#window[number - this.#head] = outcome;
    this.#runningCalls--;
    this.#wake();
  }
}
