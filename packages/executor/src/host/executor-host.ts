import { GloamError, serializeError, type SerializedError } from "@gloam/common";
import type { CachedIdentity, Evicted, OutputHandle } from "@gloam/storage";
import type { BarrierAnswer, BroadcastBytes, BroadcastId, OutputWriter } from "@gloam/plan";
import { TaskClaims } from "../task-claims.ts";
import type { FromWorker, ImportedModules, ToWorker } from "../task-messages.ts";
import { HostBroadcasts } from "./host-broadcasts.ts";
import { HostStorage } from "./host-storage.ts";
import type { ExecutorHostObserver, ExecutorHostOptions, HostedFailure } from "./host-port.ts";
import { TaskQueues, type Assignment, type HostedTask } from "./task-queues.ts";
import { tuneV8 } from "./tune-v8.ts";
import { warnOfIdleEnd } from "./warn-of-idle-end.ts";
import { WorkerSlot } from "./worker-slot.ts";

/** How long a cancelled task may take to notice before its thread is ended, in milliseconds. */
const killGrace = 400;
/** How long disposing of `onExecutor` values may take at the end, in milliseconds. */
const disposalPatience = 2000;
/** Part of a worker's heap that tables, groups and sorters may fill with the user's values. */
const structuresFraction = 0.35;

type StageMessage = Extract<ToWorker, { type: "stage" }>;

interface WorkerOfSlot {
  readonly thread: WorkerSlot;
  /** Stages whose code this thread has. */
  stages: Set<number>;
}

/** The threads and the storage of one executor, in whatever process it is: runs tasks and keeps what they leave. */
export class ExecutorHost {
  readonly #options: ExecutorHostOptions;
  readonly #observer: ExecutorHostObserver;
  readonly #workers: WorkerOfSlot[] = [];
  readonly #stages = new Map<number, Omit<StageMessage, "type" | "stage">>();
  readonly #queues: TaskQueues;
  readonly #claims: SharedArrayBuffer;
  readonly #broadcasts: HostBroadcasts;
  #storage: HostStorage | undefined;
  readonly #evictions = { disk: 0, nowhere: 0 };
  #started = false;
  #stopped = false;

  constructor(options: ExecutorHostOptions, observer: ExecutorHostObserver) {
    this.#options = options;
    this.#observer = observer;
    const { slots, tasksPerWorker } = options;
    this.#claims = TaskClaims.shared(slots * tasksPerWorker);
    this.#broadcasts = new HostBroadcasts(
      () => this.#storage?.memory,
      (broadcast) => observer.onBroadcastWanted(broadcast),
    );
    this.#queues = new TaskQueues(slots, tasksPerWorker, new TaskClaims(this.#claims));
  }

  /** Tasks that it takes at once. A place in a queue is a slot like any other: slot i and slot i + workers are the same thread. */
  get places(): number {
    return this.#options.slots * this.#options.tasksPerWorker;
  }

  /** Tasks that run at once. */
  get threads(): number {
    return this.#options.slots;
  }

  /** Tasks that it has. */
  get tasks(): number {
    return this.#queues.size;
  }

  /** Cached blocks that were evicted so far. */
  get evictedBlocks(): number {
    return this.#evictions.disk + this.#evictions.nowhere;
  }

  /** Starts the threads; resolves when all can take tasks. */
  async start(): Promise<void> {
    const { slots, memory, storageFraction, scratchPath, freeze, connectExchange } = this.#options;
    const storage = new HostStorage({
      slots,
      scratchPath,
      poolBytes: memory.pool,
      storageFraction,
      heapBudget: Math.floor(memory.workerHeap * structuresFraction),
      onDrop: (slab) => {
        this.#broadcast({ type: "slabsDropped", ids: [slab] });
        this.#observer.onSlabDropped?.(slab);
      },
      onSlab: ({ id, buffer }) => {
        this.#observer.onSlab?.({ id, buffer });
        this.#broadcast({ type: "slab", id, buffer });
      },
      onEvicted: (blocks) => this.#evicted(blocks),
      onRoomAsked: () => this.#askForRoom(),
    });
    this.#storage = storage;
    this.#observer.onPool?.(storage.pool);
    for (let slot = 0; slot < slots; slot++) {
      const thread = new WorkerSlot(
        slot,
        () => ({
          heapBytes: memory.workerHeap,
          storage: storage.workerData(slot),
          claims: this.#claims,
          freeze,
          exchange: connectExchange?.(),
          broadcasts: this.#broadcasts.connect(slot),
          // `--enable-source-maps`, also in NODE_OPTIONS, and what loaders switch on.
          sourceMaps: process.sourceMapsEnabled,
        }),
        memory.workerHeap,
        { onMessage: (at, message) => this.#receive(at, message), onLost: (at, error) => this.#lost(at, error) },
      );
      this.#workers.push({ thread, stages: new Set() });
    }
    tuneV8();
    await Promise.all(this.#workers.map(({ thread }) => thread.start()));
    this.#started = true;
  }

  /** Whether the threads keep the process alive. */
  reference(alive: boolean): void {
    for (const { thread } of this.#workers) thread.reference(alive);
  }

  /** A stage's code, before its first task. */
  addStage(stage: number, shuffleMap: boolean, bytes: Uint8Array, modules?: ImportedModules): void {
    this.#stages.set(stage, { shuffleMap, bytes, modules });
  }

  hasStage(stage: number): boolean {
    return this.#stages.has(stage);
  }

  /** Stages of which there will be no more tasks. */
  forgetStages(stages: readonly number[]): void {
    for (const stage of stages) this.#stages.delete(stage);
    for (const worker of this.#workers) {
      const known = stages.filter((stage) => worker.stages.delete(stage));
      if (known.length > 0) worker.thread.send({ type: "forgetStages", stages: known });
    }
  }

  /** Runs a task, or lets it wait for a worker. `slot` is the wanted one, as `places` counts them. */
  launch(task: HostedTask, slot: number): void {
    this.#send(this.#queues.assign(task, slot % this.#workers.length));
  }

  /** Ends a task; its end comes all the same, at once or shortly. */
  kill(task: number): void {
    const assignment = this.#queues.get(task);
    if (assignment === undefined || assignment.killed) return;
    assignment.killed = true;
    if (this.#queues.revoke(assignment)) {
      this.#queues.remove(assignment);
      this.#failed(assignment, { kind: "killed" });
      return;
    }
    this.#storage?.requestCancel(assignment.worker, task);
    this.#options.timers.after(killGrace, () => {
      if (this.#queues.get(task) === assignment) void this.#replace(assignment.worker, { kind: "killed" });
    });
  }

  /** The answer to `onCommitAsked`. */
  answerCommit(task: number, granted: boolean): void {
    const assignment = this.#queues.get(task);
    if (assignment !== undefined) this.#worker(assignment.worker).thread.send({ type: "commit", task, granted });
  }

  /** A broadcast is here, for all tasks to read. */
  putBroadcast(broadcast: BroadcastId, bytes: BroadcastBytes): void {
    this.#broadcasts.put(broadcast, bytes);
  }

  /** A broadcast cannot be had: tasks that wait for it are told. */
  failBroadcast(broadcast: BroadcastId, error: SerializedError): void {
    this.#broadcasts.fail(broadcast, error);
  }

  /** Whether a task waits for a broadcast. */
  isWanted(broadcast: BroadcastId): boolean {
    return this.#broadcasts.isWanted(broadcast);
  }

  /** Frees broadcasts; tasks that read them still keep what they use. */
  dropBroadcasts(broadcasts: readonly BroadcastId[]): void {
    this.#broadcasts.drop(broadcasts);
    this.#broadcast({ type: "forgetBroadcasts", broadcasts });
  }

  /** Frees what workers have rebuilt of a broadcast, which stays here. */
  forgetBroadcast(broadcast: BroadcastId): void {
    this.#broadcast({ type: "forgetBroadcasts", broadcasts: [broadcast] });
  }

  /** The answer to `onBarrierCalled`. */
  answerBarrier(task: number, answer: BarrierAnswer): void {
    const assignment = this.#queues.get(task);
    if (assignment !== undefined) this.#worker(assignment.worker).thread.send({ type: "barrier", task, answer });
  }

  /** Begins an output that no worker makes: a copy of one elsewhere. `committed` has to be told of it. */
  create(segments: number): OutputWriter {
    if (this.#storage === undefined) throw new GloamError("GLOAM_INTERNAL", "there is no storage yet");
    return this.#storage.create(segments);
  }

  /** Begins a copy of a cached block that lies elsewhere; throws where there is no room, as far as it may take any. */
  createCached(identity: CachedIdentity): OutputWriter {
    if (this.#storage === undefined) throw new GloamError("GLOAM_INTERNAL", "there is no storage yet");
    return this.#storage.createCached(identity);
  }

  /** Such an output can be read from now on. */
  committed(handle: OutputHandle): void {
    this.#committed(handle);
  }

  /** Frees outputs, of living workers and of those that are gone. */
  free(handles: readonly unknown[]): void {
    for (const [slot, owned] of this.#storage?.free(handles) ?? []) {
      this.#workers[slot]?.thread.send({ type: "free", handles: owned });
    }
  }

  /** Partitions of persisted nodes that are cached no longer: decoded copies go. Their blocks are freed with `free`. */
  forgetCached(blocks: readonly { readonly node: number; readonly partition: number }[]): void {
    this.#broadcast({
      type: "forgetCached",
      blocks: blocks.map(({ node, partition }) => ({ node, partition })),
    });
  }

  /** Ends the threads and removes what they left behind. */
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

  #send({ message, worker: index, cell, ticket }: Assignment): void {
    const worker = this.#worker(index);
    const { stage } = message;
    const code = this.#stages.get(stage);
    if (code !== undefined && !worker.stages.has(stage)) {
      worker.stages.add(stage);
      worker.thread.send({ type: "stage", stage, ...code });
    }
    worker.thread.send({ type: "task", task: { ...message, cell, ticket } });
  }

  #receive(index: number, message: FromWorker): void {
    switch (message.type) {
      case "ready":
      case "stopped":
        return;
      case "slab":
        this.#storage?.addSlab(index, message);
        this.#observer.onSlab?.(message);
        this.#workers.forEach(({ thread }, other) => {
          if (other !== index) thread.send(message);
        });
        return;
      case "evicted":
        this.#evicted(message.blocks);
        return;
      case "roomAsked":
        this.#storage?.serveRequests();
        this.#askForRoom();
        return;
      case "commitAsked":
        this.#observer.onCommitAsked(message.task);
        return;
      case "broadcastWanted":
        this.#broadcasts.ask(index, message.broadcast);
        return;
      case "barrier": {
        const { task, call } = message;
        if (call.kind !== "receive" && call.content?.kind === "block") this.#committed(call.content.handle);
        this.#observer.onBarrierCalled(task, call);
        return;
      }
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
    for (const { handle } of blocks) this.#committed(handle);
    if (message.type === "finished") {
      const { outcome, accumulators } = message;
      if (outcome.kind !== "result") this.#committed(outcome.handle);
      this.#observer.onEnded(task, { type: "finished", outcome, accumulators, blocks, worker: index });
    } else {
      this.#observer.onEnded(task, { type: "failed", failure: message.failure, blocks, worker: index });
    }
    const stolen = this.#queues.steal(index);
    if (stolen !== undefined) this.#send(stolen);
  }

  /** Who is idle does not see what others ask, unless told. */
  #askForRoom(): void {
    for (const [slot, { thread }] of this.#workers.entries()) {
      if (this.#storage?.isAskedForRoom(slot) === true) thread.send({ type: "makeRoom" });
    }
  }

  #evicted(blocks: readonly Evicted[]): void {
    for (const { store, output, node, partition, to } of blocks) {
      this.#evictions[to]++;
      const handle = to === "nowhere" ? this.#storage?.take(store, output) : undefined;
      if (handle !== undefined) this.#observer.onDropped?.({ node, partition, handle });
    }
  }

  #committed(handle: unknown): void {
    this.#storage?.committed(handle);
    this.#observer.onCommitted?.(handle as OutputHandle);
  }

  #failed({ task, worker }: Assignment, failure: HostedFailure): void {
    this.#observer.onEnded(task, { type: "failed", failure, blocks: [], worker });
  }

  /** A thread ended by itself. */
  #lost(index: number, error: Error): void {
    if (this.#stopped) return;
    const outOfMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
    const told = outOfMemory
      ? new GloamError("GLOAM_OUT_OF_MEMORY", "a worker reached the limit of its heap", { cause: error })
      : new GloamError("GLOAM_WORKER_LOST", `a worker ended: ${error.message}`, { cause: error });
    void this.#replace(index, { kind: "workerLost", error: serializeError(told) }, error);
  }

  /**
   * Ends whatever thread a slot has, starts another, reports the task that ran and hands over those that waited.
   *
   * @param endedOf What the thread ended of, where it ended by itself.
   */
  async #replace(index: number, failure: HostedFailure, endedOf?: Error): Promise<void> {
    const worker = this.#worker(index);
    await worker.thread.terminate();
    const started = this.#queues.removeStarted(index);
    if (this.#stopped) return;
    if (started.length === 0 && endedOf !== undefined) warnOfIdleEnd(endedOf);
    this.#storage?.workerDied(index);
    // What it has read may wait to be freed.
    this.#storage?.serveRequests();
    this.#askForRoom();
    // What was sent to the old thread since it ended is lost: the new one gets all anew.
    worker.stages = new Set();
    const starting = worker.thread.start();
    for (const assignment of this.#queues.of(index)) this.#send(assignment);
    try {
      await starting;
    } catch (error) {
      if (this.#stopped) return;
      this.#observer.onFailing(new Error(`a worker cannot be started: ${String(error)}`, { cause: error }));
      return;
    }
    for (const assignment of started) this.#failed(assignment, assignment.killed ? { kind: "killed" } : failure);
  }
}
