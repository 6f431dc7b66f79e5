import { createBatchBuilder, gather, rowsOf } from "@gloam/arrow";
import { rowsOfBatch, type Batch, type BatchReader, type KernelContext, type ReaderKernel } from "@gloam/plan";
import { BatchLists } from "./batch-lists.ts";
import { notAwaited } from "./not-awaited.ts";

/** Pairs in an output batch. */
const batchRows = 4096;
/** Elements of the right in a batch. */
const heldRows = 4096;
/** How much larger elements are as JavaScript objects than in columns, roughly. */
const decodedFactor = 6;

/**
 * `[left, right]` for every element of the left input and every one of the right, in the order of the left, and for each of these in the
 * order of the right. The left is streamed; the right is kept in columns, in scratch where memory is refused, and read once for
 * each element of the left. It is decoded once only where it is small.
 */
export const cartesianReader: ReaderKernel = {
  kind: "reader",
  open: (context, [left, right]) => new CartesianReader(context, left!.open(), right!.open()),
};

class CartesianReader implements BatchReader {
  readonly ready?: () => Promise<void> | undefined;
  readonly #context: KernelContext;
  readonly #left: BatchReader;
  readonly #right: BatchReader;
  readonly #builder = createBatchBuilder();
  readonly #lists: BatchLists;
  #decoded: readonly unknown[] | undefined;
  #rightEnded = false;
  #leftEnded = false;
  #everyRow = new Int32Array(0);
  /** The pairs of the present left batch. */
  #pairs: Iterator<Batch> | undefined;

  constructor(context: KernelContext, left: BatchReader, right: BatchReader) {
    this.#context = context;
    this.#left = left;
    this.#right = right;
    this.#lists = new BatchLists(context.memory, 1);
    if (left.ready !== undefined || right.ready !== undefined) this.ready = () => this.#ready();
  }

  next(): Batch | undefined {
    if (this.#readRight() !== undefined) throw notAwaited();
    for (;;) {
      const next = this.#pairs?.next();
      if (next?.done === false) return next.value;
      this.#pairs = undefined;
      if (this.#leftEnded) return undefined;
      // An asynchronous left side has to be awaited before it is asked again.
      if (next !== undefined && this.#left.ready !== undefined) return { length: 0, rows: [] };
      const batch = this.#left.next();
      if (batch === undefined) this.#leftEnded = true;
      else this.#pairs = this.#pairsOf(batch);
    }
  }

  close(): void {
    this.#left.close?.();
    this.#right.close?.();
    this.#lists.close();
  }

  #ready(): Promise<void> | undefined {
    const waiting = this.#readRight();
    if (waiting !== undefined) return this.#readOn(waiting);
    return this.#pairs === undefined && !this.#leftEnded ? this.#left.ready?.() : undefined;
  }

  async #readOn(first: Promise<void>): Promise<void> {
    for (let waiting: Promise<void> | undefined = first; waiting !== undefined; waiting = this.#readRight()) {
      await waiting;
    }
    if (!this.#leftEnded) await this.#left.ready?.();
  }

  /** Reads the right side to its end (undefined), or until it has to be awaited. */
  #readRight(): Promise<void> | undefined {
    while (!this.#rightEnded) {
      const waiting = this.#right.ready?.();
      if (waiting !== undefined) return waiting;
      this.#context.checkCancelled();
      const batch = this.#right.next();
      if (batch !== undefined) {
        this.#hold(batch);
        continue;
      }
      this.#rightEnded = true;
      this.#seal();
      // Nothing to pair with: what the left has need not be computed.
      if (this.#lists.rows(0) === 0) this.#leftEnded = true;
      if (this.#lists.bytes(0) * decodedFactor < this.#context.memory.heapBudget / 2)
        this.#decoded = [...this.#lists.read(0)].flatMap((columns) => rowsOf(columns));
    }
    return undefined;
  }

  #hold(batch: Batch): void {
    if (batch.columns !== undefined) {
      this.#seal();
      const { length, columns } = batch;
      if (this.#everyRow.length < length) this.#everyRow = Int32Array.from({ length }, (_, row) => row);
      // A copy: the reader may use its arrays again.
      if (length > 0) this.#lists.append(0, gather(columns, this.#everyRow, 0, length));
      return;
    }
    for (let row = 0; row < batch.length; row++) {
      if (this.#builder.length >= heldRows) this.#seal();
      if (this.#builder.append(batch.rows[row])) continue;
      this.#seal();
      this.#builder.append(batch.rows[row]);
    }
  }

  #seal(): void {
    if (this.#builder.length > 0) this.#lists.append(0, this.#builder.finish());
  }

  *#pairsOf(batch: Batch): Generator<Batch> {
    const lefts = rowsOfBatch(batch);
    let rows: unknown[] = [];
    for (let at = 0; at < batch.length; at++) {
      const left = lefts[at];
      for (const rights of this.#rights()) {
        for (let row = 0; row < rights.length; row++) {
          rows.push([left, rights[row]]);
          if (rows.length < batchRows) continue;
          this.#context.checkCancelled();
          yield { length: rows.length, rows };
          rows = [];
        }
      }
    }
    if (rows.length > 0) yield { length: rows.length, rows };
  }

  /** The right's elements, in pieces. */
  *#rights(): Generator<readonly unknown[]> {
    if (this.#decoded !== undefined) yield this.#decoded;
    else for (const columns of this.#lists.read(0)) yield rowsOf(columns);
  }
}
