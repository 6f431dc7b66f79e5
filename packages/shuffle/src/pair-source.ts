import { rowsOf, type Column, type ColumnBatch } from "@gloam/arrow";
import type { Batch, BatchReader } from "@gloam/plan";
import { type PairBlock } from "./pair-block.ts";

/** What `PairSource.fill` did. */
export type Filling =
  /** The block is full, or as full as this batch made it. */
  | "filled"
  /** There are no more pairs. */
  | "ended"
  /** `PairSource.columns` is a batch that is wanted as a whole; the block's pairs come before it. */
  | "columns"
  /** `PairSource.waiting` has to be awaited first. */
  | "waiting";

/** Reads the pairs of a reader into blocks: columns in place where they are plain, rows otherwise. */
export class PairSource {
  /** What to await after `fill` gave "waiting". */
  waiting: Promise<void> | undefined;
  /** The batch, valid until the next `fill`, after that gave "columns". */
  columns: ColumnBatch | undefined;
  readonly #reader: BatchReader;
  readonly #wantsWhole: (columns: ColumnBatch) => boolean;
  #batch: PairBatch | undefined;

  /** @param wantsWhole Whether a batch is to be handed over instead of being read into blocks. */
  constructor(reader: BatchReader, wantsWhole: (columns: ColumnBatch) => boolean = () => false) {
    this.#reader = reader;
    this.#wantsWhole = wantsWhole;
  }

  /** Whether anything upstream may be asynchronous. */
  get asynchronous(): boolean {
    return this.#reader.ready !== undefined;
  }

  /** Adds pairs to the block until it is full or the reader has to be asked for more. */
  fill(block: PairBlock): Filling {
    for (;;) {
      if (this.#batch === undefined) {
        this.waiting = this.#reader.ready?.();
        if (this.waiting !== undefined) return "waiting";
        const batch = this.#reader.next();
        if (batch === undefined) return "ended";
        if (batch.columns !== undefined && this.#wantsWhole(batch.columns)) {
          this.columns = batch.columns;
          return "columns";
        }
        this.#batch = new PairBatch(batch);
      }
      this.#batch.fillBlock(block);
      if (this.#batch.at === this.#batch.length) this.#batch = undefined;
      if (block.length >= block.limit) return "filled";
      // The next batch may overwrite the arrays of this one; what is in the block is a copy.
    }
  }

  close(): void {
    this.#batch = undefined;
    this.#reader.close?.();
  }
}

/** A batch of pairs and how far it has been read. */
export class PairBatch {
  readonly length: number;
  at = 0;
  readonly #key: Column | undefined;
  readonly #value: Column | undefined;
  /** Keys and values, or whole rows, as JavaScript values: decoded when first needed, once for the batch. */
  #keys: ArrayLike<unknown> | undefined;
  #values: ArrayLike<unknown> | undefined;
  readonly #rows: ArrayLike<unknown> | undefined;

  constructor(batch: Batch) {
    this.length = batch.length;
    if (batch.rows !== undefined) {
      this.#rows = batch.rows;
      return;
    }
    const { column } = batch.columns;
    if (column.kind === "tuple" && column.validity === undefined && column.undefinedBits === undefined) {
      this.#key = column.children[0];
      this.#value = column.children[1];
    } else {
      this.#rows = rowsOf(batch.columns);
    }
  }

  /** The columns of keys and values, where the batch has them. */
  get columns(): { readonly key: Column; readonly value: Column } | undefined {
    return this.#key === undefined || this.#value === undefined ? undefined : { key: this.#key, value: this.#value };
  }

  /** The key of a row as a JavaScript value. */
  key(row: number): unknown {
    if (this.#rows !== undefined) return (this.#rows[row] as ArrayLike<unknown>)[0];
    return (this.#keys ??= this.#decode(this.#key))[row];
  }

  /** The value of a row as a JavaScript value. */
  value(row: number): unknown {
    if (this.#rows !== undefined) return (this.#rows[row] as ArrayLike<unknown>)[1];
    return (this.#values ??= this.#decode(this.#value))[row];
  }

  /** Moves keys alone into the block until it is full or the batch is at its end. */
  fillKeys(block: PairBlock): void {
    const rows = this.#rows;
    if (rows === undefined) {
      this.#fillKeys(block);
      return;
    }
    while (this.at < this.length && block.length < block.limit) {
      const key = (rows[this.at++] as ArrayLike<unknown>)[0];
      if (typeof key === "number" && block.numberKeys) block.keys[block.length] = key;
      else block.putKey(key, block.length);
      block.length++;
    }
  }

  #decode(column: Column | undefined): ArrayLike<unknown> {
    return column === undefined ? [] : rowsOf({ length: this.length, column });
  }

  /** Moves pairs into the block until it is full or the batch is at its end. */
  fillBlock(block: PairBlock): void {
    if (this.#rows !== undefined) {
      this.#fillRows(this.#rows, block);
      return;
    }
    const from = this.at;
    const first = block.length;
    this.#fillKeys(block);
    this.#fillValues(block, first, from);
  }

  #fillRows(rows: ArrayLike<unknown>, block: PairBlock): void {
    while (this.at < this.length && block.length < block.limit) {
      const row = rows[this.at++] as ArrayLike<unknown>;
      block.put(row[0], row[1]);
    }
  }

  /** Advances `at` and the block's length. */
  #fillKeys(block: PairBlock): void {
    const column = this.#key;
    if (column !== undefined && isPlain(column)) {
      if (block.numberKeys && (column.kind === "float64" || column.kind === "int32")) {
        const count = Math.min(this.length - this.at, block.limit - block.length);
        copyNumbers(column.values, this.at, block.keys, block.length, count);
        this.at += count;
        block.length += count;
        return;
      }
      if (column.kind === "utf8" && column.ascii) {
        const { offsets, bytes } = column;
        while (this.at < this.length && block.length < block.limit) {
          if (block.strings === undefined) {
            // Either the first string of all, or the block holds keys of another kind.
            const text = asciiText(bytes, offsets[this.at]!, offsets[this.at + 1]!);
            block.putKey(text, block.length);
            if (block.strings === undefined) {
              this.at++;
              block.length++;
              break;
            }
          } else {
            block.putAsciiKey(bytes, offsets[this.at]!, offsets[this.at + 1]!);
          }
          this.at++;
          block.length++;
        }
        if (this.at === this.length || block.length >= block.limit) return;
      }
    }
    this.#keys ??= this.#decode(column);
    const keys = this.#keys;
    while (this.at < this.length && block.length < block.limit) {
      const key = keys[this.at++];
      if (typeof key === "number" && block.numberKeys) block.keys[block.length] = key;
      else block.putKey(key, block.length);
      block.length++;
    }
  }

  #fillValues(block: PairBlock, first: number, from: number): void {
    const column = this.#value;
    const count = block.length - first;
    if (column !== undefined && isPlain(column) && block.numberValues) {
      if (column.kind === "float64" || column.kind === "int32") {
        copyNumbers(column.values, from, block.numbers, first, count);
        return;
      }
    }
    this.#values ??= this.#decode(column);
    const values = this.#values;
    for (let i = 0; i < count; i++) {
      const value = values[from + i];
      if (typeof value === "number" && block.numberValues) {
        block.numbers[first + i] = value;
      } else {
        block.widenValues(first + i);
        block.values[first + i] = value;
      }
    }
  }
}

/** Whether no row is null or undefined. */
export function isPlain(column: Column): boolean {
  return column.validity === undefined && column.undefinedBits === undefined;
}

function copyNumbers(
  source: Float64Array | Int32Array,
  from: number,
  target: Float64Array,
  at: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) target[at + i] = source[from + i]!;
}

function asciiText(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("latin1");
}
