import type { Chunks } from "../block-reader.ts";
import type { ReadingOrder } from "./read-ahead.ts";
import type { RemoteInput } from "./remote-input.ts";

/** What reads chunks of other executors. */
export interface RemoteReader {
  /** Waits for a chunk. */
  read(input: RemoteInput, chunk: number, order: ReadingOrder | undefined): Uint8Array;
  openRange(input: RemoteInput, from: number, to: number): ReadingOrder;
  closeRange(input: RemoteInput, from: number, to: number, order: ReadingOrder): void;
}

/** A segment of another executor, or a range of it that is read in order. */
export class RemoteChunks implements Chunks {
  readonly #reader: RemoteReader;
  readonly #input: RemoteInput;
  readonly #range: { readonly from: number; readonly to: number; readonly order: ReadingOrder } | undefined;

  constructor(reader: RemoteReader, input: RemoteInput, range?: { readonly from: number; readonly to: number }) {
    this.#reader = reader;
    this.#input = input;
    this.#range = range && { ...range, order: reader.openRange(input, range.from, range.to) };
  }

  get chunks(): number {
    return this.#input.chunks;
  }

  chunk(index: number): Uint8Array {
    return this.#reader.read(this.#input, index, this.#range?.order);
  }

  range(from: number, to: number): Chunks {
    // What is asked for in an order of segments needs no other.
    return this.#input.list !== undefined ? this : new RemoteChunks(this.#reader, this.#input, { from, to });
  }

  close(): void {
    if (this.#range === undefined) return;
    const { from, to, order } = this.#range;
    this.#reader.closeRange(this.#input, from, to, order);
  }
}
