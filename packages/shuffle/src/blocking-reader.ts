import type { ColumnBatch } from "@gloam/arrow";
import type { Batch, BatchReader, KernelContext } from "@gloam/plan";
import { notAwaited } from "./not-awaited.ts";
import { PairBlock } from "./pair-block.ts";
import { PairSource } from "./pair-source.ts";

/** What a reader does that has to see all of its inputs before it can give anything. */
export interface Blocking {
  /** Takes a block of the input's pairs; inputs come one after the other. */
  take(input: number, block: PairBlock): void;
  /** Whether a batch of columns is better taken as a whole, by `takeWhole`. */
  wantsWhole?(columns: ColumnBatch): boolean;
  /** Takes a batch of the input's pairs. */
  takeWhole?(input: number, columns: ColumnBatch): void;
  /** What comes out. */
  batches(): Iterator<Batch>;
  /** Frees everything. */
  close(): void;
}

/**
 * Reads inputs of pairs to their ends, one after the other, then gives batches. Where an input is asynchronous, the reading
 * is done in `ready`, in pieces between what has to be awaited; otherwise the first `next` does it.
 */
export class BlockingReader implements BatchReader {
  readonly ready?: () => Promise<void> | undefined;
  readonly #context: KernelContext;
  readonly #sources: readonly PairSource[];
  readonly #blocking: Blocking;
  /** Kinds of one input say nothing of the next: each has a block of its own. */
  #block: PairBlock | undefined = new PairBlock();
  #input = 0;
  #batches: Iterator<Batch> | undefined;

  constructor(context: KernelContext, readers: readonly BatchReader[], blocking: Blocking) {
    this.#context = context;
    this.#sources = readers.map((reader) => new PairSource(reader, blocking.wantsWhole?.bind(blocking)));
    this.#blocking = blocking;
    if (this.#sources.some((source) => source.asynchronous)) this.ready = () => this.#ready();
  }

  next(): Batch | undefined {
    if (this.#batches === undefined) {
      if (this.#read() !== undefined) throw notAwaited();
      this.#block = undefined;
      this.#batches = this.#blocking.batches();
    }
    const next = this.#batches.next();
    return next.done === true ? undefined : next.value;
  }

  close(): void {
    this.#batches?.return?.();
    for (const source of this.#sources) source.close();
    this.#blocking.close();
  }

  #ready(): Promise<void> | undefined {
    const waiting = this.#batches === undefined ? this.#read() : undefined;
    return waiting === undefined ? undefined : this.#readOn(waiting);
  }

  async #readOn(first: Promise<void>): Promise<void> {
    for (let waiting: Promise<void> | undefined = first; waiting !== undefined; waiting = this.#read()) await waiting;
  }

  /** Reads until all inputs are at their ends (undefined), or one has to be awaited. */
  #read(): Promise<void> | undefined {
    while (this.#input < this.#sources.length) {
      const block = this.#block!;
      const source = this.#sources[this.#input]!;
      const filling = source.fill(block);
      if (filling === "waiting") return source.waiting;
      if (block.length > 0 && (filling !== "filled" || block.length >= block.limit)) {
        this.#context.checkCancelled();
        this.#blocking.take(this.#input, block);
        block.clear();
      }
      if (filling === "columns") {
        this.#context.checkCancelled();
        this.#blocking.takeWhole?.(this.#input, source.columns!);
      }
      if (filling === "ended") {
        this.#input++;
        this.#block = new PairBlock();
      }
    }
    return undefined;
  }
}
