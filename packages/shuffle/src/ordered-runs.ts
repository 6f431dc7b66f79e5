import { createBatchBuilder, rowsOf, type BatchBuilder } from "@gloam/arrow";
import type { Batch, KernelContext } from "@gloam/plan";
import { SpilledBatches } from "./spilled-batches.ts";

const runBatchBytes = 64 * 1024;
const batchRows = 4096;

/**
 * Rows with a number each, written in several runs of ascending numbers, and given back as one: by number, rows of the same
 * number by run and then as they were written.
 */
export class OrderedRuns {
  readonly #context: KernelContext;
  readonly #builder: BatchBuilder = createBatchBuilder();
  readonly #scratch: SpilledBatches;
  #runs = 0;

  constructor(context: KernelContext) {
    this.#context = context;
    this.#scratch = new SpilledBatches(context.memory);
  }

  /** Appends a row to the present run. */
  append(number: number, row: unknown): void {
    if (!this.#builder.appendPair(number, row)) {
      this.#write();
      this.#builder.appendPair(number, row);
    }
    if ((this.#builder.length & 63) === 0 && this.#builder.byteLength >= runBatchBytes) this.#write();
  }

  /** Ends the present run. */
  endRun(): void {
    if (this.#builder.length > 0) this.#write();
    if (this.#scratch.has(this.#runs)) this.#runs++;
  }

  /** All rows. */
  *batches(): Generator<Batch> {
    const heads: Head[] = [];
    for (let run = 0; run < this.#runs; run++) {
      const head = new Head(run, this.#read(run));
      if (head.advance()) heads.push(head);
    }
    heapify(heads);
    let rows: unknown[] = [];
    while (heads.length > 0) {
      const first = heads[0]!;
      rows.push(first.row);
      if (!first.advance()) {
        const last = heads.pop()!;
        if (heads.length > 0) heads[0] = last;
      }
      siftDown(heads, 0);
      if (rows.length === batchRows) {
        this.#context.checkCancelled();
        yield { length: rows.length, rows };
        rows = [];
      }
    }
    if (rows.length > 0) yield { length: rows.length, rows };
  }

  close(): void {
    this.#scratch.delete();
  }

  #write(): void {
    this.#scratch.write(this.#runs, this.#builder.finish());
  }

  *#read(run: number): Generator<readonly [number, unknown]> {
    for (const batch of this.#scratch.read(run)) yield* rowsOf(batch) as [number, unknown][];
  }
}

/** The next row of a run. */
class Head {
  number = 0;
  row: unknown;
  readonly #run: number;
  readonly #rows: Iterator<readonly [number, unknown]>;

  constructor(run: number, rows: Iterator<readonly [number, unknown]>) {
    this.#run = run;
    this.#rows = rows;
  }

  advance(): boolean {
    const next = this.#rows.next();
    if (next.done === true) return false;
    [this.number, this.row] = next.value;
    return true;
  }

  isBefore(other: Head): boolean {
    return this.number < other.number || (this.number === other.number && this.#run < other.#run);
  }
}

function heapify(heads: Head[]): void {
  for (let at = (heads.length >> 1) - 1; at >= 0; at--) siftDown(heads, at);
}

function siftDown(heads: Head[], from: number): void {
  const moved = heads[from];
  if (moved === undefined) return;
  let at = from;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heads.length) break;
    if (child + 1 < heads.length && heads[child + 1]!.isBefore(heads[child]!)) child++;
    if (!heads[child]!.isBefore(moved)) break;
    heads[at] = heads[child]!;
    at = child;
  }
  heads[at] = moved;
}
