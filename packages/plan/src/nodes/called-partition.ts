import type { Batch } from "../batch.ts";
import type { BatchReader } from "../kernel.ts";

const batchLength = 4096;

/**
 * What a user's function gives for a partition, some thousand elements at a time. The function is called when the first are asked
 * for; an iterator that is left early is closed before the inputs that it reads.
 */
export class CalledPartition implements BatchReader {
  readonly ready?: () => Promise<void> | undefined;
  readonly #inputs: readonly BatchReader[];
  readonly #call: () => Iterable<unknown>;
  readonly #checkCancelled: () => void;
  #result: Iterator<unknown> | undefined;
  #done = false;

  /** @param inputs What the function reads by plain calls (`gathered`). */
  constructor(inputs: readonly BatchReader[], call: () => Iterable<unknown>, checkCancelled: () => void) {
    this.#inputs = inputs;
    this.#call = call;
    this.#checkCancelled = checkCancelled;
    const waiting = inputs.filter((input) => input.ready !== undefined);
    if (waiting.length > 0) this.ready = () => readyAll(waiting);
  }

  next(): Batch | undefined {
    if (this.#done) return undefined;
    this.#result ??= this.#call()[Symbol.iterator]();
    const rows: unknown[] = [];
    while (rows.length < batchLength) {
      const step = this.#result.next();
      if (step.done === true) {
        this.#done = true;
        break;
      }
      rows.push(step.value);
    }
    this.#checkCancelled();
    return rows.length === 0 ? undefined : { length: rows.length, rows };
  }

  /** Runs the function to its end where nobody wants more elements: others may wait for what it does there. */
  drain(): void {
    while (this.next() !== undefined);
  }

  close(): void {
    try {
      if (!this.#done) this.#result?.return?.();
    } finally {
      for (const input of this.#inputs) input.close?.();
    }
  }
}

/** Waits for one input after the other, as long as any has to be waited for. */
export function readyAll(inputs: readonly BatchReader[]): Promise<void> | undefined {
  for (const [at, input] of inputs.entries()) {
    const waiting = input.ready?.();
    if (waiting !== undefined) return waiting.then(() => readyAll(inputs.slice(at + 1)));
  }
  return undefined;
}
