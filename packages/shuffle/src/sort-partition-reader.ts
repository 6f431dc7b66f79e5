import type { Batch, KernelContext, ReaderKernel } from "@gloam/plan";
import { BlockingReader } from "./blocking-reader.ts";
import { MergedRuns, spilledRun } from "./merged-runs.ts";
import type { PairBlock } from "./pair-block.ts";
import { SortBuffer } from "./sort-buffer.ts";
import { sortComparison, type SortComparison } from "./sort-comparison.ts";
import { SpilledBatches } from "./spilled-batches.ts";

/** Bytes of a run at most. */
const mostBytes = 64 * 1024 * 1024;
/** Bytes of a run at least, whatever the memory: smaller ones would be too many. */
const fewestBytes = 1024 * 1024;
/** Memory for each byte of a run: buffers grow by doubling, from the old one to one twice as large. */
const growth = 3;
/** Rows of a batch. */
const batchRows = 4096;

/**
 * The pairs of the input in the order of their keys, equal keys in the order of the input. What does not fit into memory is sorted in
 * runs, which are merged. Data: `{ ascending, roles }`; role `compare` replaces the order of keys.
 */
export const sortPartitionReader: ReaderKernel = {
  kind: "reader",
  open(context, [input]) {
    const sorting = new PartitionSorting(context);
    return new BlockingReader(context, [input!.open()], {
      take: (_input, block) => sorting.add(block),
      batches: () => sorting.batches(),
      close: () => sorting.close(),
    });
  },
};

class PartitionSorting {
  readonly #context: KernelContext;
  readonly #comparison: SortComparison;
  readonly #buffer: SortBuffer;
  readonly #merged: MergedRuns;
  #scratch: SpilledBatches | undefined;
  #runs = 0;
  #acquired = 0;

  constructor(context: KernelContext) {
    this.#context = context;
    this.#comparison = sortComparison(context);
    this.#buffer = new SortBuffer(this.#comparison);
    this.#merged = new MergedRuns(context, this.#comparison);
  }

  add(block: PairBlock): void {
    const buffer = this.#buffer;
    for (let at = 0; at < block.length; at++) {
      const key = block.key(at);
      const value = block.value(at);
      if (!buffer.append(key, value) && !buffer.put(key, value)) {
        this.#writeRun();
        buffer.put(key, value);
      }
      buffer.length++;
    }
    if (!this.#hasRoom(buffer.byteLength * growth)) this.#writeRun();
  }

  *batches(): Generator<Batch> {
    if (this.#runs === 0) {
      yield* this.#sorted();
    } else {
      this.#writeRun();
      const scratch = this.#scratch!;
      yield* this.#merged.batches(Array.from({ length: this.#runs }, (_, run) => spilledRun(scratch, run)));
    }
    this.close();
  }

  close(): void {
    this.#merged.close();
    this.#scratch?.delete();
    this.#scratch = undefined;
    this.#context.memory.release(this.#acquired);
    this.#acquired = 0;
  }

  #hasRoom(bytes: number): boolean {
    if (bytes >= mostBytes * growth) return false;
    const more = bytes - this.#acquired;
    if (more <= 0) return true;
    if (!this.#context.memory.acquire(more)) return bytes < fewestBytes * growth;
    this.#acquired += more;
    return true;
  }

  *#sorted(): Generator<Batch> {
    const buffer = this.#buffer;
    const { length } = buffer;
    if (length === 0) return;
    buffer.sort();
    for (let from = 0; from < length; from += batchRows) {
      this.#context.checkCancelled();
      const columns = buffer.gather(from, Math.min(length, from + batchRows));
      yield { length: columns.length, columns };
    }
  }

  #writeRun(): void {
    const run = this.#runs;
    for (const { columns } of this.#sorted()) {
      this.#scratch ??= new SpilledBatches(this.#context.memory);
      this.#scratch.write(run, columns!);
      this.#runs = run + 1;
    }
    this.#buffer.clear();
  }
}
