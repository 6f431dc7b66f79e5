import type { Batch, BatchReader, TextBatch, TextReader } from "@gloam/plan";
import { layoutKey } from "./batch-source.ts";
import type { CodeCache } from "./code-cache.ts";
import { compileLoop, initialise, outputBatchLength, type CompiledLoop } from "./loop-compiler.ts";
import type { LoopProgress } from "./loop-progress.ts";
import { operationAt, type LoopSource } from "./loop-writer.ts";
import { notIterable } from "./not-iterable.ts";
import { generatedLine, type FailureTrace } from "./task-failure.ts";

/** What a task's loops share. */
export interface LoopEnvironment {
  readonly cache: CodeCache;
  readonly trace: FailureTrace;
  readonly checkCancelled: () => void;
  /** Whether typed arrays that loops read may share their buffers with each other. Asked when a loop has its first batch. */
  readonly sharesBuffers?: () => boolean;
}

/**
 * Runs a chain's generated loop over the batches of a reader. The code is specialised on the layout of the batches and
 * compiled again where that changes; the state is the same throughout.
 */
export class LoopRunner {
  readonly progress: LoopProgress;
  readonly #source: LoopSource;
  readonly #functions: string;
  readonly #environment: LoopEnvironment;
  readonly #collects: boolean;
  readonly #loops = new Map<string, CompiledLoop>();
  #latest: CompiledLoop | undefined;

  constructor(source: LoopSource, functions: string, environment: LoopEnvironment, collects: boolean) {
    this.#source = source;
    this.#functions = functions;
    this.#environment = environment;
    this.#collects = collects;
    initialise(source, functions, environment.cache);
    this.progress = { next: 0, count: 0, stopped: false, ticks: 0, operation: 0, check: environment.checkCancelled };
  }

  /**
   * Runs some of the elements from `from` on, the rest of the batch of the call before when it is not 0: `progress.next` says
   * which are left. What comes out goes to `out` from `progress.count` on.
   */
  run(batch: Batch | TextBatch, from: number, out: unknown[]): void {
    // What is left of a batch is read by the loop that began with it.
    const loop = from > 0 && this.#latest !== undefined ? this.#latest : this.#loopFor(layoutKey(batch));
    this.#latest = loop;
    try {
      const to = Math.min(batch.length, from + loop.elementsAtOnce);
      // A call of which V8 does not know the target: it would put the loop in here, and the user's functions no longer into the loop.
      Reflect.apply(loop.code.run, undefined, [batch, from, to, out, loop.bound]);
    } catch (error) {
      // The stack knows best; a thrown value that is no error has none.
      const { file, bodyLine } = loop.code;
      const line = generatedLine(error, file);
      const operation = line === undefined ? undefined : operationAt(this.#source, line - bodyLine);
      const thrown = notIterable(error, file) ?? error;
      this.#environment.trace.attribute(thrown, operation ?? this.progress.operation);
      throw thrown;
    }
  }

  #loopFor(key: string): CompiledLoop {
    let loop = this.#loops.get(key);
    if (loop === undefined) {
      const { cache, sharesBuffers } = this.#environment;
      const shares = sharesBuffers?.() ?? false;
      loop = compileLoop(this.#source, key, this.#functions, cache, this.progress, this.#collects, shares);
      this.#loops.set(key, loop);
    }
    return loop;
  }
}

/** Pulls batches through a chain of row kernels: a piece of a stage that ends where a batch is needed. */
export class SegmentReader implements BatchReader {
  readonly ready?: () => Promise<void> | undefined;
  readonly #input: BatchReader | TextReader;
  readonly #loop: LoopRunner;
  readonly #check: () => void;
  #batch: Batch | TextBatch | undefined;

  constructor(input: BatchReader | TextReader, source: LoopSource, functions: string, environment: LoopEnvironment) {
    this.#input = input;
    this.#loop = new LoopRunner(source, functions, environment, true);
    this.#check = environment.checkCancelled;
    const ready = "ready" in input ? input.ready?.bind(input) : undefined;
    if (ready !== undefined) this.ready = () => (this.#batch === undefined ? ready() : undefined);
  }

  next(): Batch | undefined {
    const { progress } = this.#loop;
    for (;;) {
      if (progress.stopped) return undefined;
      if (this.#batch === undefined) {
        this.#check();
        this.#batch = this.#input.next();
        if (this.#batch === undefined) return undefined;
        progress.next = 0;
      }
      const batch = this.#batch;
      const rows: unknown[] = [];
      progress.count = 0;
      do this.#loop.run(batch, progress.next, rows);
      while (progress.next < batch.length && progress.count < outputBatchLength && !progress.stopped);
      if (progress.next >= batch.length) {
        this.#batch = undefined;
        // An asynchronous input has to be awaited before it is asked again, also where all elements were filtered out.
        if (progress.count === 0 && this.ready !== undefined) return { length: 0, rows };
      }
      if (progress.count > 0) return { length: progress.count, rows };
    }
  }

  close(): void {
    this.#input.close?.();
  }
}
