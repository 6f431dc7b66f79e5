import type { BatchReader, KernelInput, ReaderKernel } from "../kernel.ts";

/** Kernel of `unionNode` and `coalesceNode`: the elements of all inputs, one input after the other. */
export const concatenateKernel: ReaderKernel = {
  kind: "reader",
  open(_context, inputs): BatchReader {
    const [only] = inputs;
    return only !== undefined && inputs.length === 1 ? only.open() : new ConcatenatedReader(inputs);
  },
};

class ConcatenatedReader implements BatchReader {
  readonly ready?: () => Promise<void> | undefined;
  readonly #readers: BatchReader[];
  #at = 0;

  constructor(inputs: readonly KernelInput[]) {
    this.#readers = [];
    try {
      for (const input of inputs) this.#readers.push(input.open());
    } catch (error) {
      this.close();
      throw error;
    }
    if (this.#readers.some((reader) => reader.ready !== undefined))
      this.ready = () => this.#readers[this.#at]?.ready?.();
  }

  next() {
    for (let reader = this.#readers[this.#at]; reader !== undefined; reader = this.#readers[this.#at]) {
      const batch = reader.next();
      if (batch !== undefined) return batch;
      this.#at++;
      // The next one may have to be awaited first.
      if (this.#readers[this.#at]?.ready !== undefined) return { length: 0, rows: [] };
    }
    return undefined;
  }

  close(): void {
    for (const reader of this.#readers) reader.close?.();
  }
}
