import type { Batch, BatchReader, KernelContext, ReaderKernel } from "@gloam/plan";
import { joinedBatch, leftBatch, Probe, unmatchedBatch, type JoinKind } from "./join-batches.ts";
import { JoinTable } from "./join-table.ts";
import { notAwaited } from "./not-awaited.ts";
import { PairBlock } from "./pair-block.ts";
import { PairBatch, PairSource } from "./pair-source.ts";
import { SpilledJoin } from "./spilled-join.ts";

/** How much larger values are as JavaScript objects than in columns, roughly. */
const decodedFactor = 6;

/**
 * Reduce side of the joins: `[key, [left, right]]` for each pair of values of a key. Rows come in the order of the left input,
 * the matches of one row in the order of the right; then, where they are kept, the right's rows without a match in
 * their order. The right input is held in memory, the left one streamed; a right side that does not fit makes both go
 * through scratch files, with the same result. Data: `{ join: "inner" | "left" | "right" | "full" | "anti" }`; an anti join gives the
 * left's rows without a match, as they are.
 */
export const joinReader: ReaderKernel = {
  kind: "reader",
  open(context, [left, right]) {
    return new JoinReader(context, left!.open(), right!.open());
  },
};

class JoinReader implements BatchReader {
  readonly ready?: () => Promise<void> | undefined;
  readonly #context: KernelContext;
  readonly #join: JoinKind;
  readonly #left: BatchReader;
  readonly #right: PairSource;
  readonly #block = new PairBlock();
  readonly #table = new JoinTable();
  #acquired = 0;
  #spilled: SpilledJoin | undefined;
  #probe: Probe | undefined;
  /** What the present left batch gives, or what comes after the last. */
  #batches: Iterator<Batch> | undefined;
  #leftEnded = false;
  #rightEnded = false;

  constructor(context: KernelContext, left: BatchReader, right: BatchReader) {
    this.#context = context;
    this.#join = (context.data as { readonly join: JoinKind }).join;
    this.#left = left;
    this.#right = new PairSource(right);
    if (left.ready !== undefined || this.#right.asynchronous) this.ready = () => this.#ready();
  }

  next(): Batch | undefined {
    if (this.#readRight() !== undefined) throw notAwaited();
    for (;;) {
      const next = this.#batches?.next();
      if (next?.done === false) return next.value;
      this.#batches = undefined;
      if (this.#leftEnded) return undefined;
      // An asynchronous left side has to be awaited before it is asked again.
      if (next !== undefined && this.#left.ready !== undefined) return { length: 0, rows: [] };
      this.#context.checkCancelled();
      this.#takeLeft(this.#left.next());
    }
  }

  close(): void {
    this.#right.close();
    this.#left.close?.();
    this.#spilled?.close();
    this.#context.memory.release(this.#acquired);
    this.#acquired = 0;
  }

  #ready(): Promise<void> | undefined {
    const waiting = this.#readRight();
    if (waiting !== undefined) return this.#readOn(waiting);
    return this.#batches === undefined && !this.#leftEnded ? this.#left.ready?.() : undefined;
  }

  async #readOn(first: Promise<void>): Promise<void> {
    for (let waiting: Promise<void> | undefined = first; waiting !== undefined; waiting = this.#readRight()) {
      await waiting;
    }
    await this.#left.ready?.();
  }

  /** Reads the right side to its end (undefined), or until it has to be awaited. */
  #readRight(): Promise<void> | undefined {
    while (!this.#rightEnded) {
      const block = this.#block;
      const filling = this.#right.fill(block);
      if (filling === "waiting") return this.#right.waiting;
      if (block.length > 0 && (filling === "ended" || block.length >= block.limit)) {
        this.#context.checkCancelled();
        this.#takeRight(block);
        block.clear();
      }
      if (filling === "ended") {
        this.#rightEnded = true;
        this.#right.close();
        if (this.#spilled === undefined) {
          this.#table.seal(this.#table.bytes * decodedFactor < this.#context.memory.heapBudget / 2);
          this.#probe = new Probe(this.#table, this.#join);
        }
      }
    }
    return undefined;
  }

  #takeRight(block: PairBlock): void {
    if (this.#spilled !== undefined) {
      this.#spilled.addRight(block);
      return;
    }
    this.#table.add(block);
    const more = this.#table.bytes - this.#acquired;
    if (more <= 0 || this.#context.memory.acquire(more)) {
      this.#acquired += Math.max(0, more);
      return;
    }
    this.#spilled = new SpilledJoin(this.#context, this.#join);
    this.#spilled.addTable(this.#table);
    this.#context.memory.release(this.#acquired);
    this.#acquired = 0;
  }

  #takeLeft(batch: Batch | undefined): void {
    if (batch === undefined) {
      this.#leftEnded = true;
      this.#batches = this.#spilled === undefined ? this.#unmatched() : this.#spilled.batches();
    } else if (this.#spilled === undefined) {
      this.#batches = this.#joined(new PairBatch(batch));
    } else {
      this.#spilled.addLeft(new PairBatch(batch));
    }
  }

  *#joined(batch: PairBatch): Generator<Batch> {
    const anti = this.#join === "anti";
    for (const joined of this.#probe!.matches(batch)) yield anti ? leftBatch(joined) : joinedBatch(this.#table, joined);
  }

  *#unmatched(): Generator<Batch> {
    for (const rows of this.#probe!.unmatched()) yield unmatchedBatch(this.#table, rows);
  }
}
