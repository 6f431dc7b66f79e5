import { serializeError, GloamError } from "@gloam/common";
import { TaskClaims, type FromWorker, type ToWorker, type WorkerFailure } from "@gloam/executor";
import type {
  CachedBlock,
  ClusterBackend,
  MapOutput,
  PreparedTask,
  TaskFailure,
  TaskId,
  UntimedEvent,
} from "@gloam/scheduler";
import type { ReportedError } from "../driver-error.ts";
import type { ReportedResult } from "../reported-result.ts";
import type { Timers } from "../timers.ts";
import { inlineWholeLoops } from "./inlining.ts";
import { LocalStorage } from "./local-storage.ts";
import type { MemoryShares } from "./memory-shares.ts";
import { TaskQueues, type Assignment } from "./task-queues.ts";
import { WorkerSlot } from "./worker-slot.ts";
import { raiseHeapFloor } from "./heap-floor.ts";
import { keepRowsYoung } from "./young-rows.ts";

const executor = "local";
/** How long a cancelled task may take to notice before its thread is ended, in milliseconds. */
const killGrace = 400;
/** How long disposing of `onExecutor` values may take when the context stops, in milliseconds. */
const disposalPatience = 2000;
/** Part of a worker's heap that tables, groups and sorters may fill with the user's values. */
const structuresFraction = 0.35;

export interface LocalBackendOptions {
  readonly slots: number;
  /** Tasks that one worker may have: one that runs, and those that wait behind it. */
  readonly tasksPerWorker: number;
  readonly memory: MemoryShares;
  /** Share of the pool that cached blocks and shuffle outputs may fill. */
  readonly storageFraction: number;
  /** Where temporary files go; made with the first of them, removed at the end. */
  readonly scratchPath: string;
  readonly timers: Timers;
  /** Freeze every element before a user function sees it. */
  readonly freeze: boolean;
}

interface WorkerOfSlot {
  readonly thread: WorkerSlot;
  /** Stages whose code this thread has. */
  stages: Set<number>;
}

/** One executor inside this process: a worker thread for each slot, through the same messages as any other executor. */
export class LocalBackend implements ClusterBackend {
  readonly #options: LocalBackendOptions;
  readonly #workers: WorkerOfSlot[] = [];
  readonly #queues: TaskQueues;
  readonly #claims: SharedArrayBuffer;
  #storage: LocalStorage | undefined;
  #post: (event: UntimedEvent) => void = () => undefined;
  #started = false;
  #stopped = false;

  constructor(options: LocalBackendOptions) {
    this.#options = options;
    const { slots, tasksPerWorker } = options;
    this.#claims = TaskClaims.shared(slots * tasksPerWorker);
    this.#queues = new TaskQueues(slots, tasksPerWorker, new TaskClaims(this.#claims));
  }

  async start(post: (event: UntimedEvent) => void): Promise<void> {
    this.#post = post;
    const { slots, tasksPerWorker, memory, storageFraction, scratchPath, freeze } = this.#options;
    const storage = new LocalStorage({
      slots,
      scratchPath,
      poolBytes: memory.pool,
      storageFraction,
      heapBudget: Math.floor(memory.workerHeap * structuresFraction),
      onDrop: (slab) => this.#broadcast({ type: "slabsDropped", ids: [slab] }),
    });
    this.#storage = storage;
    for (let slot = 0; slot < slots; slot++) {
      const thread = new WorkerSlot(
        slot,
        () => ({
          heapBytes: memory.workerHeap,
          storage: storage.workerData(slot),
          claims: this.#claims,
          freeze,
          // `--enable-source-maps`, also in NODE_OPTIONS, and what loaders switch on.
          sourceMaps: process.sourceMapsEnabled,
        }),
        memory.workerHeap,
        { onMessage: (at, message) => this.#receive(at, message), onLost: (at, error) => this.#lost(at, error) },
      );
      this.#workers.push({ thread, stages: new Set() });
    }
    keepRowsYoung();
    raiseHeapFloor();
    inlineWholeLoops();
    await Promise.all(this.#workers.map(({ thread }) => thread.start()));
    this.#started = true;
    // To the scheduler a place in a queue is a slot like any other: slot i and slot i + workers are the same thread.
    post({ type: "executorAdded", executor, host: "localhost", slots: slots * tasksPerWorker });
  }

  /** Whether the threads keep the process alive: they do while jobs run. */
  reference(alive: boolean): void {
    for (const { thread } of this.#workers) thread.reference(alive);
  }

  launch(prepared: PreparedTask): void {
    const { launch } = prepared;
    // Decoded rows of cached partitions lie with one worker; the other can read the block.
    const wanted = (launch.cached[0]?.slot ?? launch.slot) % this.#workers.length;
    this.#send(this.#queues.assign(prepared, wanted));
  }

  kill(task: TaskId): void {
    const assignment = this.#queues.get(task);
    if (assignment === undefined || assignment.killed) return;
    assignment.killed = true;
    if (this.#queues.revoke(assignment)) {
      this.#queues.remove(assignment);
      this.#post({ type: "taskFailed", task, failure: { kind: "killed" } });
      return;
    }
    this.#storage?.requestCancel(assignment.worker, task);
    this.#options.timers.after(killGrace, () => {
      if (this.#queues.get(task) === assignment) void this.#replace(assignment.worker, { kind: "killed" });
    });
  }

  answerCommit(task: TaskId, _executor: string, granted: boolean): void {
    const assignment = this.#queues.get(task);
    if (assignment !== undefined) this.#worker(assignment.worker).thread.send({ type: "commit", task, granted });
  }

  forgetStages(stages: readonly number[]): void {
    for (const worker of this.#workers) {
      const known = stages.filter((stage) => worker.stages.delete(stage));
      if (known.length > 0) worker.thread.send({ type: "forgetStages", stages: known });
    }
  }

  dropMapOutputs(outputs: readonly MapOutput[]): void {
    this.#free(outputs.map(({ handle }) => handle));
  }

  dropCachedBlocks(blocks: readonly CachedBlock[]): void {
    const forgotten = blocks.map(({ node, partition }) => ({ node, partition }));
    this.#broadcast({ type: "forgetCached", blocks: forgotten });
    this.#free(blocks.map(({ handle }) => handle));
  }

  /** There is nowhere to move blocks to: the one executor ends with the driver. */
  migrateBlocks(): void {}

  /** The slots are fixed. */
  requestExecutors(): void {}

  releaseExecutor(): void {}

  async stop(): Promise<void> {
    this.#stopped = true;
    // Idle threads don't keep the process alive; the end of the program waits for this all the same.
    this.reference(true);
    await Promise.all(
      this.#workers.map(({ thread }, index) =>
        this.#started && this.#queues.of(index).length === 0
          ? thread.stop(this.#options.timers, disposalPatience)
          : thread.terminate(),
      ),
    );
    this.removeFiles();
  }

  /** Removes temporary files at once, whatever still runs: for a process that exits. */
  removeFiles(): void {
    this.#storage?.close();
  }

  #worker(index: number): WorkerOfSlot {
    const worker = this.#workers[index];
    if (worker === undefined) throw new GloamError("GLOAM_INTERNAL", `there is no worker ${index}`);
    return worker;
  }

  #broadcast(message: ToWorker): void {
    for (const { thread } of this.#workers) thread.send(message);
  }

  #send({ prepared: { launch, code, shuffles }, worker: index, cell }: Assignment): void {
    const worker = this.#worker(index);
    if (!worker.stages.has(launch.stage)) {
      worker.stages.add(launch.stage);
      const shuffleMap = launch.stageKind.kind === "shuffleMap";
      worker.thread.send({ type: "stage", stage: launch.stage, shuffleMap, bytes: code.bytes });
    }
    worker.thread.send({
      type: "task",
      task: {
        task: launch.task,
        cell,
        stage: launch.stage,
        partition: launch.partition,
        attempt: launch.attempt,
        payloads: code.payloads(launch.partition),
        shuffles: shuffles.map(({ shuffle, outputs }) => ({
          shuffle,
          outputs: outputs.map(({ partition, task, handle, sketch }) => ({ partition, task, handle, sketch })),
        })),
        cached: launch.cached.map(({ node, partition, handle }) => ({ node, partition, handle })),
      },
    });
  }

  /** Sends each output back to the worker whose memory it lies in. */
  #free(handles: readonly unknown[]): void {
    for (const [slot, owned] of this.#storage?.free(handles) ?? []) {
      this.#workers[slot]?.thread.send({ type: "free", handles: owned });
    }
  }

  #receive(index: number, message: FromWorker): void {
    switch (message.type) {
      case "ready":
      case "stopped":
        return;
      case "slab":
        this.#storage?.addSlab(index, message);
        this.#workers.forEach(({ thread }, other) => {
          if (other !== index) thread.send(message);
        });
        return;
      case "commitAsked":
        this.#post({ type: "commitAsked", task: message.task });
        return;
      case "finished":
      case "failed":
        this.#ended(index, message);
        return;
      default:
        return message satisfies never;
    }
  }

  #ended(index: number, message: Extract<FromWorker, { type: "finished" | "failed" }>): void {
    const { task, blocks } = message;
    const assignment = this.#queues.get(task);
    if (assignment === undefined) return;
    this.#queues.remove(assignment);
    for (const { handle } of blocks) this.#storage?.committed(handle);
    if (blocks.length > 0) {
      this.#post({ type: "blocksAdded", task, blocks: blocks.map((block) => ({ ...block, executor, slot: index })) });
    }
    if (message.type === "failed") {
      this.#post({ type: "taskFailed", task, failure: failureOf(message.failure) });
    } else if (message.outcome.kind === "output") {
      const { handle, sizes, sketch } = message.outcome;
      this.#storage?.committed(handle);
      this.#post({ type: "taskFinished", task, outcome: { kind: "mapOutput", handle, sizes, sketch } });
    } else {
      const { bytes, encoded } = message.outcome;
      this.#post({
        type: "taskFinished",
        task,
        outcome: { kind: "result", value: { bytes, encoded } satisfies ReportedResult },
      });
    }
    const stolen = this.#queues.steal(index);
    if (stolen !== undefined) this.#send(stolen);
  }

  /** A thread ended by itself. */
  #lost(index: number, error: Error): void {
    if (this.#stopped) return;
    const outOfMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
    const reported: ReportedError = {
      error: serializeError(
        outOfMemory
          ? new GloamError("GLOAM_OUT_OF_MEMORY", "a worker reached the limit of its heap", { cause: error })
          : new GloamError("GLOAM_WORKER_LOST", `a worker ended: ${error.message}`, { cause: error }),
      ),
    };
    void this.#replace(index, { kind: "workerLost", error: reported });
  }

  /** Ends whatever thread a slot has, starts another, reports the task that ran and hands over those that waited. */
  async #replace(index: number, failure: TaskFailure): Promise<void> {
    const worker = this.#worker(index);
    await worker.thread.terminate();
    const started = this.#queues.removeStarted(index);
    if (this.#stopped) return;
    this.#storage?.workerDied(index);
    // What was sent to the old thread since it ended is lost: the new one gets all anew.
    worker.stages = new Set();
    const starting = worker.thread.start();
    for (const assignment of this.#queues.of(index)) this.#send(assignment);
    try {
      await starting;
    } catch (error) {
      if (this.#stopped) return;
      const reason = `a worker cannot be started: ${String(error)}`;
      this.#post({ type: "executorLost", executor, reason, taskFault: false });
      return;
    }
    for (const { task, killed } of started) {
      this.#post({ type: "taskFailed", task, failure: killed ? { kind: "killed" } : failure });
    }
  }
}

function failureOf(failure: WorkerFailure): TaskFailure {
  switch (failure.kind) {
    case "exception":
      return {
        kind: "exception",
        error: { error: failure.error, operation: failure.operation } satisfies ReportedError,
      };
    case "fetchFailed":
    case "cachedBlockMissing":
      return { ...failure, error: { error: failure.error } satisfies ReportedError };
    case "commitDenied":
    case "killed":
      return failure;
  }
}
