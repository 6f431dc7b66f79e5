import {
  createBatchBuilder,
  decodeBatches,
  encodeBatches,
  rowsOf,
  type BatchBuilder,
  type ColumnBatch,
} from "@gloam/arrow";

/** Builds batches of at most `batchLength` rows, for elements that travel between driver and executors. */
export class RowsEncoder {
  readonly #builder: BatchBuilder = createBatchBuilder();
  readonly #batches: ColumnBatch[] = [];
  readonly #batchLength: number;

  constructor(batchLength: number) {
    this.#batchLength = batchLength;
  }

  /** @throws GloamError `GLOAM_VALUE_NOT_SERIALIZABLE` */
  append(rows: readonly unknown[]): void {
    const builder = this.#builder;
    for (const row of rows) {
      if (builder.length >= this.#batchLength) this.#batches.push(builder.finish());
      if (builder.append(row)) continue;
      this.#batches.push(builder.finish());
      builder.append(row);
    }
  }

  /** All rows as Arrow IPC streams. */
  finish(): Uint8Array {
    if (this.#builder.length > 0) this.#batches.push(this.#builder.finish());
    return encodeBatches(this.#batches);
  }
}

/** The rows that a `RowsEncoder` encoded. */
export function decodeRows(bytes: Uint8Array): unknown[] {
  const batches = decodeBatches(bytes).map((batch) => rowsOf(batch));
  const [only] = batches;
  return batches.length === 1 && only !== undefined ? only : ([] as unknown[]).concat(...batches);
}
