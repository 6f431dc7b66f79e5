import type { Batch, BatchReader, SplitNumbers, TextReader } from "@gloam/plan";
import type { FailureTrace } from "./task-failure.ts";

/** A reader of a kernel whose exceptions are attributed to its operation; closes once. */
export class TracedReader implements BatchReader {
  readonly ready?: () => Promise<void> | undefined;
  readonly numbers?: (of: SplitNumbers) => BatchReader;
  readonly #reader: BatchReader;
  readonly #trace: FailureTrace;
  readonly #operation: number;
  #closed = false;

  constructor(reader: BatchReader, trace: FailureTrace, operation: number) {
    this.#reader = reader;
    this.#trace = trace;
    this.#operation = operation;
    const ready = reader.ready?.bind(reader);
    // Only a reader that may be asynchronous has the method: others are never awaited.
    if (ready !== undefined) this.ready = () => this.#await(ready);
    const numbers = reader.numbers?.bind(reader);
    if (numbers !== undefined) this.numbers = (of) => new TracedReader(numbers(of), trace, operation);
  }

  next(): Batch | undefined {
    return this.#traced(() => this.#reader.next());
  }

  texts(): TextReader | undefined {
    const reader = this.#reader.texts?.();
    return reader && { next: () => this.#traced(() => reader.next()), close: () => this.close() };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.close?.();
  }

  #traced<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      this.#trace.attribute(error, this.#operation);
      throw error;
    }
  }

  #await(ready: () => Promise<void> | undefined): Promise<void> | undefined {
    const failed = (error: unknown): never => {
      this.#trace.attribute(error, this.#operation);
      throw error;
    };
    try {
      return ready()?.catch(failed);
    } catch (error) {
      return failed(error);
    }
  }
}
