import { createBatchBuilder } from "@gloam/arrow";
import type { Batch, BatchReader, ColumnKernel, KernelContext } from "@gloam/plan";

/** Runs a column kernel over a reader's batches; rows become columns first. */
export class ColumnReader implements BatchReader {
  readonly ready?: () => Promise<void> | undefined;
  readonly #input: BatchReader;
  readonly #kernel: ColumnKernel;
  readonly #context: KernelContext;
  readonly #builder = createBatchBuilder();
  #rows: ArrayLike<unknown> = [];
  #at = 0;

  constructor(input: BatchReader, kernel: ColumnKernel, context: KernelContext) {
    this.#input = input;
    this.#kernel = kernel;
    this.#context = context;
    const ready = input.ready?.bind(input);
    if (ready !== undefined) this.ready = () => (this.#at < this.#rows.length ? undefined : ready());
  }

  next(): Batch | undefined {
    if (this.#at >= this.#rows.length) {
      const batch = this.#input.next();
      if (batch === undefined) return undefined;
      if (batch.columns !== undefined) return this.#kernel.transform(batch, this.#context);
      this.#rows = batch.rows;
      this.#at = 0;
    }
    // A batch whose rows don't share one schema becomes several.
    while (this.#at < this.#rows.length && this.#builder.append(this.#rows[this.#at])) this.#at++;
    const columns = this.#builder.finish();
    return this.#kernel.transform({ length: columns.length, columns }, this.#context);
  }

  close(): void {
    this.#input.close?.();
  }
}
