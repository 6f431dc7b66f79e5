import { encodeValue } from "@gloam/arrow";
import { serializeError } from "@gloam/common";
import { setRunningTask, storageTraits } from "@gloam/plan";
import type { CachedIdentity } from "@gloam/storage";
import type {
  BarrierContext,
  BatchReader,
  BlockOutput,
  KernelContext,
  RunningTask,
  ShuffleSegment,
  Sink,
  TaskMemory,
  TextReader,
} from "@gloam/plan";
import { TaskBarrier, type BarrierLink } from "./barrier/task-barrier.ts";
import { BlockFailureError, TaskKilledError, type BlockFailure } from "./block-failure.ts";
import { BlockReader, type Chunks } from "./block-reader.ts";
import type { CodeCache } from "./code-cache.ts";
import { BatchesReader, DecodedPartitions } from "./decoded-partitions.ts";
import type { LoadedNode, LoadedStage } from "./loaded-stage.ts";
import { PersistingReader, type CachedWriter } from "./persisting-reader.ts";
import { Pipeline } from "./pipeline.ts";
import { drainInto } from "./sink-loop.ts";
import { readCached } from "./read-cached.ts";
import { largestReportedResult, storeResult } from "./stored-result.ts";
import { beginTaskAccumulators } from "./task-accumulators.ts";
import { isRemote } from "./exchange/remote-output.ts";
import { kernelContext, type TaskEnvironment } from "./task-context.ts";
import { FailureTrace } from "./task-failure.ts";
import type { CachedInput, CachedOutput, TaskMessage, WorkerFailure, WorkerOutcome } from "./task-messages.ts";

/** What a task needs of its worker. */
export interface TaskHost {
  readonly memory: TaskMemory;
  readonly output: BlockOutput;
  readonly cache: CodeCache;
  readonly decoded: DecodedPartitions;
  /** Freeze every element before a user function sees it. */
  readonly freeze: boolean;
  /** Whether large results are kept as blocks, for a driver in another process. */
  readonly keepsResults: boolean;
  /** Begins a block of a persisted partition. */
  createCached(identity: CachedIdentity): CachedWriter;
  /** What was decoded of a cached block is used. */
  touch(handle: unknown): void;
  /** Opens one segment of an output, of this executor or of another. */
  openSegment(handle: unknown, segment: number): Chunks;
  /** Where there are other executors: says which of their segments will be read, in order. */
  readonly prefetch: ((handles: readonly unknown[], segment: number) => void) | undefined;
  isCancelled(): boolean;
  /** Does what other threads ask of this one, between two batches. */
  serveRequests(): void;
  /** Where the task waits for others. */
  readonly barrierLink: BarrierLink;
  /** Asks the driver for permission to make this attempt's output visible. */
  askCommit(): Promise<boolean>;
}

/** The end of a task, and the blocks of persisted partitions that it made on the way, whatever the end. */
export type TaskEnd = { readonly blocks: readonly CachedOutput[] } & (
  | { readonly type: "finished"; readonly outcome: WorkerOutcome; readonly accumulators?: Uint8Array | undefined }
  | { readonly type: "failed"; readonly failure: WorkerFailure }
);

/** Runs one attempt at one partition from its first batch to its outcome. Never rejects. */
export async function runTask(stage: LoadedStage, task: TaskMessage, host: TaskHost): Promise<TaskEnd> {
  const run = new TaskRun(stage, task, host);
  try {
    const outcome = await run.run();
    return { type: "finished", outcome, accumulators: run.accumulators, blocks: run.blocks };
  } catch (error) {
    return { type: "failed", failure: run.failure(error), blocks: run.blocks };
  } finally {
    run.complete();
  }
}

class TaskRun {
  readonly blocks: CachedOutput[] = [];
  /** What the task added to accumulators, encoded, once it has ended well. */
  accumulators: Uint8Array | undefined;
  readonly #accumulators = beginTaskAccumulators();
  readonly #stage: LoadedStage;
  readonly #task: TaskMessage;
  readonly #host: TaskHost;
  readonly #trace = new FailureTrace();
  readonly #functions: readonly ((...values: never[]) => unknown)[];
  readonly #payloads: ReadonlyMap<string, unknown>;
  /** Blocks of a partition, any of which will do. */
  readonly #cached: ReadonlyMap<string, readonly CachedInput[]>;
  readonly #completions: (() => void)[] = [];
  /** What is to be done when the stage has taken all elements that it wants. */
  readonly #taken: (() => void)[] = [];
  readonly #barrier: TaskBarrier | undefined;
  readonly #environment: TaskEnvironment;
  /** Whether it computes a partition that is kept, and with it rows that other stages will read. */
  #persists = false;

  constructor(stage: LoadedStage, task: TaskMessage, host: TaskHost) {
    this.#stage = stage;
    this.#task = task;
    this.#host = host;
    this.#functions = stage.instantiate();
    this.#payloads = new Map(task.payloads.map(({ node, partition, payload }) => [`${node}:${partition}`, payload]));
    const cached = new Map<string, CachedInput[]>();
    for (const block of task.cached) {
      const key = `${block.node}:${block.partition}`;
      cached.set(key, [...(cached.get(key) ?? []), block]);
    }
    this.#cached = cached;
    this.#barrier = task.barrier && new TaskBarrier(task.barrier, host.barrierLink, host);
    this.#environment = {
      stage: task.stage,
      attempt: task.attempt,
      memory: host.memory,
      output: host.output,
      cache: host.cache,
      checkCancelled: () => {
        host.serveRequests();
        if (host.isCancelled()) throw new TaskKilledError("the task was cancelled");
      },
      onCompletion: (action) => {
        this.#completions.push(action);
      },
    };
  }

  async run(): Promise<WorkerOutcome> {
    const host = this.#host;
    const task = this.#task;
    const { onCompletion } = this.#environment;
    const onTaken: TaskOfUser["onTaken"] = (action) => this.#taken.push(action);
    setRunningTask(new TaskOfUser(task, host, this.#stage, onCompletion, this.#barrier, onTaken));
    const { sink } = this.#stage;
    const last = this.#stage.nodes.length - 1;
    const { checkCancelled, cache } = this.#environment;
    const sharesBuffers = (): boolean => this.#stage.keepsToElements && !this.#persists;
    const loops = { cache, trace: this.#trace, checkCancelled, sharesBuffers };
    const pipeline = new Pipeline(this.#stage, {
      loops,
      freeze: host.freeze,
      context: (node, partition) => this.#context(this.#stage.node(node), node, partition),
      persisted: (node, partition, compute) => this.#persisted(this.#stage.node(node), partition, compute),
      segments: (shuffle, partition) => this.#segments(shuffle, partition),
    });
    const context = this.#context(sink, last + 1, this.#task.partition);
    const opened = this.#attributed(() => sink.kernel.open(context));
    let input: BatchReader | TextReader | undefined;
    try {
      const {
        input: reader,
        loop,
        take,
      } = pipeline.openInto(last, this.#task.partition, opened, context.functions, sink.functionHashes);
      input = reader;
      await drainInto(reader, opened, loop.source, loop.functions, loops, take);
      for (const action of this.#taken) action();
      const result = this.#attributed(() => opened.finish());
      // Before the commit: what cannot travel is this attempt's failure.
      this.accumulators = this.#accumulators.finish();
      await this.#commit(opened);
      if (this.#stage.isShuffleMap) return { kind: "output", ...(result as MapTaskResult) };
      const outcome = resultOf(result, opened);
      const { bytes, encoded } = outcome;
      if (!host.keepsResults || bytes.length <= largestReportedResult) return outcome;
      return { kind: "storedResult", handle: storeResult(bytes, host.output), encoded };
    } finally {
      input?.close?.();
      opened.close?.();
    }
  }

  /** What the driver is told of an exception. */
  failure(error: unknown): WorkerFailure {
    if (error instanceof TaskKilledError) return { kind: "killed" };
    if (error instanceof CommitDeniedError) return { kind: "commitDenied" };
    const serialized = serializeError(error instanceof BlockFailureError ? error.cause : error);
    if (error instanceof BlockFailureError) return { ...error.failure, error: serialized };
    return { kind: "exception", error: serialized, operation: this.#trace.operationOf(error) };
  }

  /** Runs what kernels left for the end, last first; an exception there must not hide the task's own end. */
  complete(): void {
    setRunningTask(undefined);
    this.#accumulators.end();
    this.#barrier?.close();
    for (let action = this.#completions.pop(); action !== undefined; action = this.#completions.pop()) {
      try {
        action();
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }

  #context(
    node: Pick<LoadedNode, "firstFunction" | "functions" | "functionHashes" | "textUses" | "data">,
    index: number,
    partition: number,
  ): KernelContext {
    const functions = this.#functions.slice(node.firstFunction, node.firstFunction + node.functions);
    const { functionHashes, textUses, data } = node;
    return kernelContext(
      this.#environment,
      { functions, functionHashes, textUses, data },
      partition,
      this.#payloads.get(`${index}:${partition}`),
    );
  }

  #attributed<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      this.#trace.attribute(error, this.#stage.nodes.length);
      throw error;
    }
  }

  async #commit(sink: Sink): Promise<void> {
    if (sink.commit === undefined) return;
    if (!(await this.#host.askCommit())) throw new CommitDeniedError("another attempt has been committed");
    this.#attributed(() => sink.commit?.());
  }

  #segments(shuffle: number, reducer: number): readonly ShuffleSegment[] {
    const input = this.#task.shuffles.find((each) => each.shuffle === shuffle);
    if (input === undefined) throw new Error(`the task has no map outputs of shuffle ${shuffle}`);
    const { range } = this.#task;
    const outputs = range?.shuffle === shuffle ? input.outputs.slice(range.from, range.to) : input.outputs;
    const { prefetch } = this.#host;
    let isAnnounced = prefetch === undefined;
    const announce = (): void => {
      if (isAnnounced) return;
      isAnnounced = true;
      // Of sorted runs a range is read, which nobody knows yet.
      prefetch?.(
        outputs.flatMap(({ handle, sketch }) => (sketch === undefined ? [handle] : [])),
        reducer,
      );
    };
    return outputs.map(({ partition, task, handle, sketch }) => {
      const failed = blockFailure({ kind: "fetchFailed", shuffle, mapPartition: partition, mapTask: task });
      // Outputs with a sketch are sorted runs of one segment, from which each reducer takes its range.
      const segment = sketch === undefined ? reducer : 0;
      let chunks: Chunks;
      try {
        chunks = this.#host.openSegment(handle, segment);
      } catch (error) {
        throw failed(error);
      }
      return {
        sketch,
        chunks: chunks.chunks,
        open: (from = 0, to = chunks.chunks) => {
          announce();
          return new BlockReader(chunks, from, to, failed);
        },
      };
    });
  }

  #persisted({ id: node, level }: LoadedNode, partition: number, compute: () => BatchReader): BatchReader {
    if (level === undefined) return compute();
    const { decoded } = this.#host;
    const key = `${node}:${partition}`;
    const own = this.blocks.find((each) => each.node === node && each.partition === partition);
    const { task } = this.#task;
    const told = this.#cached.get(key) ?? (own === undefined ? [] : [{ ...own, computedBy: task }]);
    // What lies here is read in place.
    const blocks = [
      ...told.filter(({ handle }) => !isRemote(handle)),
      ...told.filter(({ handle }) => isRemote(handle)),
    ];
    const [first] = blocks;
    if (first === undefined) {
      const traits = storageTraits(level);
      this.#persists = true;
      return new PersistingReader(
        compute(),
        this.#host.createCached({ node, partition, traits }),
        (bytes) => traits.deserialized && decoded.fits(node, DecodedPartitions.estimate(bytes)),
        ({ handle, bytes, batches }) => {
          this.blocks.push({ node, partition, handle, level });
          if (batches !== undefined)
            decoded.keep({ node, partition, task }, batches, DecodedPartitions.estimate(bytes));
        },
      );
    }
    const rows = decoded.get(
      node,
      partition,
      blocks.map(({ computedBy }) => computedBy),
    );
    if (rows !== undefined) {
      for (const { handle } of blocks) this.#host.touch(handle);
      return new BatchesReader(rows);
    }
    const failed = blockFailure({ kind: "cachedBlockMissing", node, partition });
    return readCached(blocks, (handle) => this.#host.openSegment(handle, 0), failed);
  }
}

/**
 * What user functions see of a task. A class: V8 keeps the getter of an object literal, and with it all that the task had, until it
 * collects the whole heap.
 */
class TaskOfUser implements RunningTask {
  readonly stage: number;
  readonly partition: number;
  readonly attempt: number;
  readonly barrier: BarrierContext | undefined;
  readonly onCompletion: (action: () => void) => void;
  readonly onTaken: (action: () => void) => void;
  readonly #host: TaskHost;
  readonly #loaded: LoadedStage;

  constructor(
    { stage, partition, attempt }: TaskMessage,
    host: TaskHost,
    loaded: LoadedStage,
    onCompletion: TaskOfUser["onCompletion"],
    barrier: BarrierContext | undefined,
    onTaken: TaskOfUser["onTaken"],
  ) {
    this.stage = stage;
    this.partition = partition;
    this.attempt = attempt;
    this.barrier = barrier;
    this.onCompletion = onCompletion;
    this.onTaken = onTaken;
    this.#host = host;
    this.#loaded = loaded;
  }

  getLocalProperty(name: string): string | undefined {
    return this.#loaded.localProperty(name);
  }

  addedFile(name: string): string {
    return this.#loaded.addedFile(name);
  }

  get cancelled(): boolean {
    return this.#host.isCancelled();
  }
}

class CommitDeniedError extends Error {}

/** Says of an error which block it lost; the end of a task that was cancelled while it waited is no loss. */
function blockFailure(failure: BlockFailure): (error: unknown) => Error {
  return (error) => (error instanceof TaskKilledError ? error : new BlockFailureError(failure, error));
}

/** What a shuffle's writer gives. */
interface MapTaskResult {
  readonly handle: unknown;
  readonly sizes: Float64Array;
  readonly sketch?: Uint8Array | undefined;
}

function resultOf(
  result: unknown,
  { holdsElements = false }: Sink,
): Extract<WorkerOutcome, { readonly kind: "result" }> {
  if (result instanceof Uint8Array) return { kind: "result", bytes: result, encoded: false };
  const bytes = encodeValue(result, holdsElements ? { name: "an element", isHolder: true } : { name: "the result" });
  return { kind: "result", bytes, encoded: true };
}
