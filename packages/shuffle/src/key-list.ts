import { createBatchBuilder, decodeBatches, encodeBatches, rowsOf, valueAt, type ColumnBatch } from "@gloam/arrow";

/** Encodes keys of any types. */
export function encodeKeys(keys: readonly unknown[]): Uint8Array {
  const builder = createBatchBuilder();
  const batches: ColumnBatch[] = [];
  for (const key of keys) {
    if (builder.append(key)) continue;
    batches.push(builder.finish());
    builder.append(key);
  }
  return encodeBatches([...batches, builder.finish()]);
}

/** Encoded keys, of which few are looked at. */
export class KeyList {
  readonly length: number;
  readonly #batches: readonly ColumnBatch[];
  /** All keys, where they are of several types. */
  #keys: readonly unknown[] | undefined;

  constructor(bytes: Uint8Array) {
    this.#batches = decodeBatches(bytes);
    this.length = this.#batches.reduce((sum, { length }) => sum + length, 0);
  }

  /** One key. */
  at(index: number): unknown {
    const [first, second] = this.#batches;
    if (first !== undefined && second === undefined) return valueAt(first, index);
    return (this.#keys ??= this.#batches.flatMap((batch) => rowsOf(batch)))[index];
  }
}
