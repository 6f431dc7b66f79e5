import { createBatchBuilder, type ColumnBatch } from "@gloam/arrow";
import type { Batch, BatchReader, KernelContext } from "@gloam/plan";
import { batchBytes } from "./column-bytes.ts";
import { RunCursor } from "./run-cursor.ts";
import { RunMerge } from "./run-merge.ts";
import type { SortComparison } from "./sort-comparison.ts";
import type { KeyRange } from "./sort-sketch.ts";
import { SpilledBatches } from "./spilled-batches.ts";

/** A sorted run, or what is left of it. */
export interface Run {
  open(): BatchReader;
  /** What of it is wanted is not known yet, but for its range of keys. */
  readonly range: KeyRange;
}

/** Bytes that the present batch of a run takes, decoded and ranked, for each byte of its columns, about. */
const decodedFactor = 3;
/** Runs that are merged at once whatever the memory. */
const fewestRuns = 4;
/** Runs that are merged at once at most. */
const mostRuns = 2048;
/** No bounds. */
const everything: KeyRange = { lower: undefined, upper: undefined, empty: false };

/** Merges any number of sorted runs, as many at a time as memory is granted for: the rest goes through scratch files. */
export class MergedRuns {
  readonly #context: KernelContext;
  readonly #comparison: SortComparison;
  readonly #check: () => void;
  #cursors: RunCursor[] = [];
  #scratch: SpilledBatches[] = [];
  #acquired = 0;

  constructor(context: KernelContext, comparison: SortComparison) {
    this.#context = context;
    this.#comparison = comparison;
    this.#check = () => context.checkCancelled();
  }

  /** The runs' rows in order, equal keys in the order of runs. */
  *batches(given: readonly Run[]): Generator<Batch> {
    let runs = given;
    const width = this.#mergeWidth(runs);
    while (runs.length > width) runs = this.#mergeOnce(runs, width);
    yield* this.#merge(runs);
    this.close();
  }

  close(): void {
    this.#closeCursors();
    for (const scratch of this.#scratch.splice(0)) scratch.delete();
    this.#context.memory.release(this.#acquired);
    this.#acquired = 0;
  }

  /** How many runs may be open at once: as many as memory is granted for, judged by the first batch. */
  #mergeWidth(runs: readonly Run[]): number {
    const [first] = runs;
    if (first === undefined || runs.length <= fewestRuns) return fewestRuns;
    const reader = first.open();
    const batch = reader.next();
    const bytes = batch?.columns === undefined ? 0 : batchBytes(batch.columns) * decodedFactor;
    reader.close?.();
    let width = 0;
    while (width < Math.min(runs.length, mostRuns) && this.#context.memory.acquire(bytes)) {
      this.#acquired += bytes;
      width++;
    }
    return Math.max(fewestRuns, width);
  }

  /** Merges as many runs at a time into one in scratch. Neighbours only, so that equal keys keep their order. */
  #mergeOnce(runs: readonly Run[], width: number): Run[] {
    const scratch = new SpilledBatches(this.#context.memory);
    const before = this.#scratch;
    this.#scratch = [...before, scratch];
    const merged: Run[] = [];
    for (let from = 0; from < runs.length; from += width) {
      const list = merged.length;
      for (const batch of this.#merge(runs.slice(from, from + width))) writeBatch(scratch, list, batch);
      merged.push(spilledRun(scratch, list));
    }
    for (const used of before) used.delete();
    this.#scratch = [scratch];
    return merged;
  }

  *#merge(runs: readonly Run[]): Generator<Batch> {
    this.#cursors = runs.map((run) => new RunCursor(run.open(), run.range, this.#comparison));
    const merge = new RunMerge(
      this.#cursors.filter((cursor) => cursor.load()),
      this.#check,
    );
    for (let batch = merge.next(); batch !== undefined; batch = merge.next()) yield batch;
    this.#closeCursors();
  }

  #closeCursors(): void {
    for (const cursor of this.#cursors.splice(0)) cursor.close();
  }
}

/** A run that is a list in scratch. */
export function spilledRun(scratch: SpilledBatches, list: number): Run {
  return { range: everything, open: () => new SpilledReader(scratch, list) };
}

class SpilledReader implements BatchReader {
  readonly #batches: Iterator<ColumnBatch>;

  constructor(scratch: SpilledBatches, list: number) {
    this.#batches = scratch.read(list);
  }

  next(): Batch | undefined {
    const next = this.#batches.next();
    return next.done === true ? undefined : { length: next.value.length, columns: next.value };
  }
}

function writeBatch(scratch: SpilledBatches, list: number, batch: Batch): void {
  if (batch.columns !== undefined) {
    scratch.write(list, batch.columns);
    return;
  }
  const builder = createBatchBuilder();
  for (let row = 0; row < batch.length; row++) {
    if (builder.append(batch.rows[row])) continue;
    scratch.write(list, builder.finish());
    builder.append(batch.rows[row]);
  }
  if (builder.length > 0) scratch.write(list, builder.finish());
}
