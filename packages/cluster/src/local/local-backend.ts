import { serializeError, GloamError } from "@gloam/common";
import type { FromWorker, WorkerFailure } from "@gloam/executor";
import type {
  CachedBlock,
  ClusterBackend,
  MapOutput,
  PreparedTask,
  SlotId,
  TaskFailure,
  TaskId,
  TaskLaunch,
  UntimedEvent,
} from "@gloam/scheduler";
import type { ReportedError } from "../driver-error.ts";
import type { Timers } from "../timers.ts";
import { LocalStorage } from "./local-storage.ts";
import type { MemoryShares } from "./memory-shares.ts";
import { WorkerSlot } from "./worker-slot.ts";

const executor = "local";
/** How long a cancelled task may take to notice before its thread is ended, in milliseconds. */
const killGrace = 400;
/** Part of a worker's heap that tables, groups and sorters may fill with the user's values. */
const structuresFraction = 0.35;

export interface LocalBackendOptions {
  readonly slots: number;
  readonly memory: MemoryShares;
  /** Where temporary files go; made with the first of them, removed at the end. */
  readonly scratchPath: string;
  readonly timers: Timers;
}

interface Slot {
  readonly worker: WorkerSlot;
  running: TaskLaunch | undefined;
  killed: boolean;
  /** Stages whose code this thread has. */
  stages: Set<number>;
}

/** One executor inside this process: a worker thread for each slot, through the same messages as any other executor. */
export class LocalBackend implements ClusterBackend {
  readonly #options: LocalBackendOptions;
  readonly #slots: Slot[] = [];
  readonly #slotOfTask = new Map<TaskId, Slot>();
  #storage: LocalStorage | undefined;
  #post: (event: UntimedEvent) => void = () => undefined;
  #stopped = false;

  constructor(options: LocalBackendOptions) {
    this.#options = options;
  }

  async start(post: (event: UntimedEvent) => void): Promise<void> {
    this.#post = post;
    const { slots, memory, scratchPath } = this.#options;
    const storage = new LocalStorage({
      slots,
      scratchPath,
      poolBytes: memory.pool,
      heapBudget: Math.floor(memory.workerHeap * structuresFraction),
      onDrop: (slab) => this.#slots.forEach(({ worker }) => worker.send({ type: "slabsDropped", ids: [slab] })),
    });
    this.#storage = storage;
    for (let slot = 0; slot < slots; slot++) {
      const worker = new WorkerSlot(
        slot,
        () => ({ heapBytes: memory.workerHeap, storage: storage.workerData(slot) }),
        memory.workerHeap,
        { onMessage: (at, message) => this.#receive(at, message), onLost: (at, error) => this.#lost(at, error) },
      );
      this.#slots.push({ worker, running: undefined, killed: false, stages: new Set() });
    }
    await Promise.all(this.#slots.map(({ worker }) => worker.start()));
    post({ type: "executorAdded", executor, host: "localhost", slots });
  }

  /** Whether the threads keep the process alive: they do while jobs run. */
  reference(alive: boolean): void {
    for (const { worker } of this.#slots) worker.reference(alive);
  }

  launch({ launch, code, shuffles }: PreparedTask): void {
    const slot = this.#slot(launch.slot);
    slot.running = launch;
    slot.killed = false;
    this.#slotOfTask.set(launch.task, slot);
    if (!slot.stages.has(launch.stage)) {
      slot.stages.add(launch.stage);
      slot.worker.send({
        type: "stage",
        stage: launch.stage,
        shuffleMap: launch.stageKind.kind === "shuffleMap",
        bytes: code.bytes,
      });
    }
    slot.worker.send({
      type: "task",
      task: {
        task: launch.task,
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

  kill(task: TaskId): void {
    const slot = this.#slotOfTask.get(task);
    if (slot === undefined) return;
    slot.killed = true;
    this.#storage?.requestCancel(slot.worker.slot, task);
    this.#options.timers.after(killGrace, () => {
      if (slot.running?.task === task) void this.#replace(slot, { kind: "killed" });
    });
  }

  answerCommit(task: TaskId, _executor: string, granted: boolean): void {
    this.#slotOfTask.get(task)?.worker.send({ type: "commit", task, granted });
  }

  forgetStages(stages: readonly number[]): void {
    for (const slot of this.#slots) {
      const known = stages.filter((stage) => slot.stages.delete(stage));
      if (known.length > 0) slot.worker.send({ type: "forgetStages", stages: known });
    }
  }

  dropMapOutputs(outputs: readonly MapOutput[]): void {
    this.#free(outputs.map(({ handle }) => handle));
  }

  dropCachedBlocks(blocks: readonly CachedBlock[]): void {
    const forgotten = blocks.map(({ node, partition }) => ({ node, partition }));
    for (const { worker } of this.#slots) worker.send({ type: "forgetCached", blocks: forgotten });
    this.#free(blocks.map(({ handle }) => handle));
  }

  /** There is nowhere to move blocks to: the one executor ends with the driver. */
  migrateBlocks(): void {}

  /** The slots are fixed. */
  requestExecutors(): void {}

  releaseExecutor(): void {}

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#slots.map(({ worker }) => worker.terminate()));
    this.removeFiles();
  }

  /** Removes temporary files at once, whatever still runs: for a process that exits. */
  removeFiles(): void {
    this.#storage?.close();
  }

  #slot(index: SlotId): Slot {
    const slot = this.#slots[index];
    if (slot === undefined) throw new GloamError("GLOAM_INTERNAL", `there is no slot ${index}`);
    return slot;
  }

  /** Sends each output back to the worker whose memory it lies in. */
  #free(handles: readonly unknown[]): void {
    for (const [slot, owned] of this.#storage?.free(handles) ?? []) {
      this.#slots[slot]?.worker.send({ type: "free", handles: owned });
    }
  }

  #receive(index: SlotId, message: FromWorker): void {
    const slot = this.#slot(index);
    switch (message.type) {
      case "ready":
        return;
      case "slab":
        this.#storage?.addSlab(index, message);
        for (const other of this.#slots) {
          if (other !== slot) other.worker.send(message);
        }
        return;
      case "commitAsked":
        this.#post({ type: "commitAsked", task: message.task });
        return;
      case "finished":
      case "failed": {
        const { task, blocks } = message;
        if (slot.running?.task !== task) return;
        this.#release(slot);
        for (const { handle } of blocks) this.#storage?.committed(handle);
        if (blocks.length > 0) {
          this.#post({
            type: "blocksAdded",
            task,
            blocks: blocks.map((block) => ({ ...block, executor, slot: index })),
          });
        }
        if (message.type === "failed") {
          this.#post({ type: "taskFailed", task, failure: failureOf(message.failure) });
        } else if (message.outcome.kind === "output") {
          const { handle, sizes, sketch } = message.outcome;
          this.#storage?.committed(handle);
          this.#post({ type: "taskFinished", task, outcome: { kind: "mapOutput", handle, sizes, sketch } });
        } else {
          const { bytes, encoded } = message.outcome;
          this.#post({ type: "taskFinished", task, outcome: { kind: "result", value: { bytes, encoded } } });
        }
        return;
      }
      default:
        return message satisfies never;
    }
  }

  #release(slot: Slot): void {
    if (slot.running !== undefined) this.#slotOfTask.delete(slot.running.task);
    slot.running = undefined;
  }

  /** A thread ended by itself. */
  #lost(index: SlotId, error: Error): void {
    if (this.#stopped) return;
    const slot = this.#slot(index);
    const outOfMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
    const reported: ReportedError = {
      error: serializeError(
        outOfMemory
          ? new GloamError("GLOAM_OUT_OF_MEMORY", "a worker reached the limit of its heap", { cause: error })
          : new GloamError("GLOAM_WORKER_LOST", `a worker ended: ${error.message}`, { cause: error }),
      ),
    };
    void this.#replace(slot, slot.killed ? { kind: "killed" } : { kind: "workerLost", error: reported });
  }

  /** Ends whatever thread a slot has, reports its task, and starts another. */
  async #replace(slot: Slot, failure: TaskFailure): Promise<void> {
    const task = slot.running?.task;
    this.#release(slot);
    slot.stages = new Set();
    await slot.worker.terminate();
    if (this.#stopped) return;
    this.#storage?.workerDied(slot.worker.slot);
    try {
      await slot.worker.start();
    } catch (error) {
      if (this.#stopped) return;
      this.#post({
        type: "executorLost",
        executor,
        reason: `a worker cannot be started: ${String(error)}`,
        taskFault: false,
      });
      return;
    }
    if (task !== undefined) this.#post({ type: "taskFailed", task, failure });
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
