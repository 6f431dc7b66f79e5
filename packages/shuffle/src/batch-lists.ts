import type { ColumnBatch } from "@gloam/arrow";
import type { TaskMemory } from "@gloam/plan";
import { batchBytes } from "./column-bytes.ts";
import { SpilledBatches } from "./spilled-batches.ts";

interface List {
  /** Those in memory; all of them, or none. */
  batches: ColumnBatch[];
  /** Bytes acquired for them. */
  held: number;
  /** Bytes in memory and on disk. */
  bytes: number;
  rows: number;
  spilled: boolean;
}

/** Lists of batches, in memory as far as it is granted; the largest go to scratch first. */
export class BatchLists {
  readonly #memory: TaskMemory;
  readonly #lists: List[];
  #scratch: SpilledBatches | undefined;

  constructor(memory: TaskMemory, lists: number) {
    this.#memory = memory;
    this.#lists = Array.from({ length: lists }, () => ({ batches: [], held: 0, bytes: 0, rows: 0, spilled: false }));
  }

  /** Appends a batch to a list. */
  append(list: number, batch: ColumnBatch): void {
    const target = this.#lists[list]!;
    const bytes = batchBytes(batch);
    target.bytes += bytes;
    target.rows += batch.length;
    while (!target.spilled && !this.#memory.acquire(bytes)) {
      if (!this.spillLargest()) target.spilled = true;
    }
    if (target.spilled) {
      this.#spill(list, batch);
    } else {
      target.batches.push(batch);
      target.held += bytes;
    }
  }

  /** Bytes of a list, in memory or not. */
  bytes(list: number): number {
    return this.#lists[list]!.bytes;
  }

  /** Bytes of a list that are in memory. */
  held(list: number): number {
    return this.#lists[list]!.held;
  }

  /** Rows of a list. */
  rows(list: number): number {
    return this.#lists[list]!.rows;
  }

  /** The batches of a list, in order. */
  *read(list: number): Generator<ColumnBatch> {
    const { batches, spilled } = this.#lists[list]!;
    if (spilled) yield* this.#scratch!.read(list);
    else yield* batches;
  }

  /** Frees a list's memory; it is empty afterwards. */
  free(list: number): void {
    const freed = this.#lists[list]!;
    this.#memory.release(freed.held);
    this.#lists[list] = { batches: [], held: 0, bytes: 0, rows: 0, spilled: freed.spilled };
  }

  /** Moves the largest list in memory, but for those to keep, to scratch; false when there is none. */
  spillLargest(keep: readonly number[] = []): boolean {
    let largest = -1;
    for (let list = 0; list < this.#lists.length; list++) {
      const { held } = this.#lists[list]!;
      if (held > 0 && !keep.includes(list) && (largest < 0 || held > this.#lists[largest]!.held)) largest = list;
    }
    if (largest < 0) return false;
    const spilled = this.#lists[largest]!;
    spilled.spilled = true;
    for (const batch of spilled.batches) this.#spill(largest, batch);
    spilled.batches = [];
    this.#memory.release(spilled.held);
    spilled.held = 0;
    return true;
  }

  close(): void {
    for (let list = 0; list < this.#lists.length; list++) this.free(list);
    this.#scratch?.delete();
    this.#scratch = undefined;
  }

  #spill(list: number, batch: ColumnBatch): void {
    (this.#scratch ??= new SpilledBatches(this.#memory)).write(list, batch);
  }
}
