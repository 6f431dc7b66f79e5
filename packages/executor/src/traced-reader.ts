import type { Batch, BatchReader } from "@gloam/plan";
import type { FailureTrace } from "./task-failure.ts";

/** A reader of a kernel whose exceptions are attributed to its operation; closes once. */
export class TracedReader implements BatchReader {
  readonly ready?: () => Promise<void> | undefined;
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
  }

  next(): Batch | undefined {
    try {
      return this.#reader.next();
    } catch (error) {
      this.#trace.attribute(error, this.#operation);
      throw error;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.close?.();
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
