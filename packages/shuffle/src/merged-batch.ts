import type { ColumnBatch, InterleavedRows } from "@gloam/arrow";

/** Merged rows, which are copied into columns when these are asked for: who writes texts reads them where they are. */
export class MergedBatch {
  readonly length: number;
  readonly interleaved: InterleavedRows;
  readonly rows = undefined;
  readonly #copied: (columns: ColumnBatch) => void;
  #columns: ColumnBatch | undefined;

  /** @param copied Is told of the columns when they have been copied. */
  constructor(interleaved: InterleavedRows, copied: (columns: ColumnBatch) => void) {
    this.length = interleaved.length;
    this.interleaved = interleaved;
    this.#copied = copied;
  }

  get columns(): ColumnBatch {
    let columns = this.#columns;
    if (columns === undefined) {
      const { interleaver, sources, rows, length } = this.interleaved;
      this.#columns = columns = interleaver.gather(sources, rows, 0, length);
      this.#copied(columns);
    }
    return columns;
  }
}
