import { GloamError, serializeError, type Clock, type Timers } from "@gloam/common";
import type { BarrierAnswer, BroadcastBytes, BroadcastId, DriverTraffic, ExecutorStatus } from "@gloam/plan";
import type { Channel, FromExecutor, StoredBlock, ToExecutor } from "@gloam/protocol";
import type {
  CachedBlock,
  ClusterBackend,
  MapOutput,
  PreparedTask,
  ResultGate,
  SchedulerInstruction,
  TaskId,
  UntimedEvent,
} from "@gloam/scheduler";
import type { ReportedError } from "../driver-error.ts";
import { BlockMoves } from "./block-moves.ts";
import { EndingExecutors } from "./ending-executors.ts";
import { ExecutorAllocation, type AllocationOptions } from "./executor-allocation.ts";
import { barrierCallOf, cachedBlockOf, failureOf, invalidReport, outcomeOf } from "./executor-reports.ts";
import { ExpectedExecutors } from "./expected-executors.ts";
import { describeEnd, isMemoryDeath, type Fleet, type ProcessEnd } from "./fleet.ts";
import { KeptResults } from "./kept-results.ts";
import { RemoteExecutor } from "./remote-executor.ts";
import { RemoteBroadcasts, type RemoteBroadcastsOptions } from "./remote-broadcasts.ts";
import type { RemoteHandle } from "./remote-handle.ts";
import { ResultFetcher, type ResultFetcherOptions } from "./result-fetcher.ts";
import { RunningTasks } from "./running-tasks.ts";

/** How long an executor that has been told to end may take, in milliseconds, once the time is over in which it had to go. */
const dismissalPatience = 5000;

export interface RemoteBackendOptions {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Milliseconds without a word from an executor after which it counts as lost. */
  readonly executorTimeout: number;
  /** And from its start to its first word: however short the other is, a process takes its time on a busy machine. */
  readonly startTimeout: number;
  /** Milliseconds after which an executor hears from its driver, whatever else there is to say. */
  readonly aliveInterval: number;
  /** Bytes of memory of each executor, where stages may ask for some. */
  readonly memoryBytes?: number | undefined;
  /** How large results are fetched. */
  readonly results: ResultFetcherOptions;
  /** How broadcasts are brought to executors; left out, there are none. */
  readonly broadcasts?: RemoteBroadcastsOptions | undefined;
  /** How executors are asked for and let go; left out, there are as many as the fleet begins with. */
  readonly allocation?: AllocationOptions | undefined;
}

/** Executors in processes of their own, wherever they come from: speaks with them, and says what becomes of them. */
export class RemoteBackend implements ClusterBackend {
  readonly #options: RemoteBackendOptions;
  readonly #executors = new Map<string, RemoteExecutor>();
  readonly #expected: ExpectedExecutors;
  readonly #ending: EndingExecutors;
  readonly #results: KeptResults;
  readonly #running = new RunningTasks();
  readonly #moves: BlockMoves;
  readonly #allocation: ExecutorAllocation | undefined;
  readonly #broadcasts: RemoteBroadcasts | undefined;
  #post: (event: UntimedEvent) => void = () => undefined;
  #mayFetch: ResultGate = () => false;
  #onFirst: () => void = () => undefined;
  #onNone: (error: Error) => void = () => undefined;
  #cancelWatch: () => void = () => undefined;
  #stopped = false;

  constructor(options: RemoteBackendOptions) {
    this.#options = options;
    this.#expected = new ExpectedExecutors(options.clock);
    this.#ending = new EndingExecutors(options.timers);
    this.#results = new KeptResults(new ResultFetcher(options.results), {
      post: (event) => this.#post(event),
      mayFetch: (job, partition, bytes, piece) => this.#mayFetch(job, partition, bytes, piece),
    });
    this.#moves = new BlockMoves({
      timers: options.timers,
      post: (event) => this.#post(event),
      executor: (id) => this.#executors.get(id),
      receivers: () => {
        const staying = [...this.#executors.values()].filter(({ draining }) => !draining);
        const working = staying.filter(({ slots }) => slots > 0);
        return working.length > 0 ? working : staying;
      },
      onStuck: () => options.fleet.refuge?.(),
      // Tasks that run may still read it there.
      onMoved: (from, old) => this.#running.afterReaders(() => this.#executors.get(from)?.free([old])),
    });
    const { allocation, fleet, broadcasts } = options;
    this.#broadcasts =
      broadcasts &&
      new RemoteBroadcasts(broadcasts, {
        send: (executor, message) => this.#send(executor, message),
        addressOf: (executor) => this.#executors.get(executor)?.address,
      });
    this.#allocation =
      allocation &&
      new ExecutorAllocation(allocation, options, {
        executors: () =>
          [...this.#executors.values()]
            .filter(({ draining, slots }) => !draining && slots > 0)
            .map(({ id, holds }) => ({ id, holds, isIdle: this.#running.on(id) === 0 })),
        isMoving: () => [...this.#executors.values()].some(({ draining, holds }) => draining && holds),
        want: (executors) => fleet.want(executors),
        letGo: (id, within) => this.#drain(id, within),
      });
  }

  async start(post: (event: UntimedEvent) => void, mayFetch: ResultGate): Promise<void> {
    // The driver may be stopped while what comes before this is under way.
    if (this.#stopped) throw stoppedEarly();
    this.#post = post;
    this.#mayFetch = mayFetch;
    this.#watch();
    this.#allocation?.start();
    await new Promise<void>((resolve, reject) => {
      this.#onFirst = resolve;
      this.#onNone = reject;
      this.#options.fleet
        .start({
          onStart: (executor) => this.#expected.expect(executor),
          onExit: (executor, end) => this.#exited(executor, end),
          onDraining: (executor, within) => this.#drain(executor, within),
          onFailure: (error) => {
            reject(error);
            this.#post({
              type: "noMoreExecutors",
              reason: error.message,
              error: { error: serializeError(error) } satisfies ReportedError,
            });
          },
        })
        .catch(reject);
    });
  }

  /** Whether one may connect as this executor: each does once, after it has been started. */
  expects(executor: string): boolean {
    return !this.#stopped && this.#expected.awaits(executor);
  }

  /** Whether one may fetch pieces of broadcasts as this executor. */
  knows(executor: string): boolean {
    return this.#executors.has(executor);
  }

  /** An executor has connected; it says who it is before it is one. */
  connected(executor: string, channel: Channel<ToExecutor, FromExecutor>): void {
    // It may have ended, or the driver stopped, while the two sides shook hands.
    if (!this.expects(executor)) {
      channel.terminate();
      return;
    }
    this.#expected.connected(executor, channel);
    channel.observe({
      onMessage: (message) => this.#receive(executor, channel, message),
      onClose: (error) => this.#lost(executor, channel, error?.message ?? "it has hung up"),
    });
  }

  launch(task: PreparedTask): void {
    const executor = this.#executors.get(task.launch.executor);
    if (executor === undefined) return;
    this.#results.launched(task.launch);
    this.#running.launched(task.launch);
    try {
      executor.launch(task, (id) => this.#executors.get(id)?.address);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#neverSent(task.launch.task, error);
    }
  }

  kill(task: TaskId, executor: string): void {
    this.#send(executor, { type: "kill", task });
    this.#results.killed(task);
  }

  answerCommit(task: TaskId, executor: string, granted: boolean): void {
    this.#send(executor, { type: "commit", task, granted });
  }

  answerBarrier(task: TaskId, executor: string, answer: BarrierAnswer): void {
    this.#executors.get(executor)?.answerBarrier(task, answer, (id) => this.#executors.get(id)?.address);
  }

  dropBarrierBlocks(executor: string, handles: readonly unknown[]): void {
    this.#executors.get(executor)?.free(handles as readonly RemoteHandle[]);
  }

  forgetStages(stages: readonly number[]): void {
    for (const executor of this.#executors.values()) executor.forgetStages(stages);
  }

  dropMapOutputs(outputs: readonly MapOutput[]): void {
    for (const [executor, handles] of byExecutor(outputs)) this.#executors.get(executor)?.free(handles);
  }

  forgetShuffle(shuffle: number): void {
    for (const executor of this.#executors.values()) executor.forgetShuffle(shuffle);
  }

  dropCachedBlocks(blocks: readonly CachedBlock[]): void {
    for (const executor of new Set(blocks.map((block) => block.executor))) {
      this.#executors.get(executor)?.dropCached(blocks.filter((block) => block.executor === executor));
    }
  }

  migrateBlocks(instruction: Extract<SchedulerInstruction, { type: "migrateBlocks" }>): void {
    this.#moves.move(instruction);
  }

  replicateBlock(instruction: Extract<SchedulerInstruction, { type: "replicateBlock" }>): void {
    this.#moves.replicate(instruction);
  }

  addBroadcast(broadcast: BroadcastId, bytes: BroadcastBytes): void {
    this.#broadcasts?.add(broadcast, bytes);
  }

  unpersistBroadcast(broadcast: BroadcastId): void {
    this.#broadcasts?.unpersist(broadcast);
  }

  releaseBroadcasts(broadcasts: readonly BroadcastId[]): void {
    this.#broadcasts?.release(broadcasts);
  }

  /** Whoever has connections counts what goes over them. */
  traffic(): DriverTraffic {
    return { fetchedBytes: 0, servedBytes: 0 };
  }

  requestExecutors(slots: number): void {
    if (!this.#stopped) this.#allocation?.demand(slots);
  }

  /** Ends it when no task reads any more what it holds: what has moved away may have been told otherwise before. */
  releaseExecutor(executor: string): void {
    this.#running.afterReaders(() => this.#send(executor, { type: "stop" }));
  }

  executors(): readonly ExecutorStatus[] {
    return [...this.#executors.values()].map(({ status }) => status);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelWatch();
    this.#allocation?.stop();
    this.#moves.close();
    for (const { cancelDeadline } of this.#executors.values()) cancelDeadline();
    this.#ending.clear();
    this.#onNone(stoppedEarly());
    this.#results.close();
    for (const { channel } of this.#executors.values()) channel.send({ type: "stop" });
    await this.#options.fleet.stop();
    for (const { channel } of this.#executors.values()) channel.terminate();
    this.#expected.terminate();
  }

  /** What cannot be sent is its job's trouble, and no other's. */
  #neverSent(task: TaskId, cause: RangeError): void {
    this.#running.ended(task);
    this.#results.ended(task);
    const told = `a task cannot be sent to an executor: ${cause.message}`;
    const hint = "use more partitions, read the data where it is needed, or give functions large values as broadcasts";
    const error: ReportedError = {
      error: serializeError(new GloamError("GLOAM_ARGUMENT_INVALID", told, { hint, cause })),
    };
    this.#post({ type: "taskFailed", task, failure: { kind: "exception", error } });
  }

  #send(executor: string, message: ToExecutor): void {
    this.#executors.get(executor)?.channel.send(message);
  }

  #receive(id: string, channel: Channel<ToExecutor, FromExecutor>, message: FromExecutor): void {
    const executor = this.#executors.get(id);
    if (message.type === "registered") {
      if (executor !== undefined) throw invalidReport(`'${id}' registers again`);
      if (this.#stopped) {
        channel.send({ type: "stop" });
        return;
      }
      if (!this.#expected.registered(id, channel)) throw invalidReport(`'${id}' registers, and is not expected`);
      const { host, blockPort, slots, threads } = message;
      const address = { executor: id, host, port: blockPort };
      this.#executors.set(id, new RemoteExecutor(id, { address, slots, channel, now: this.#options.clock.now() }));
      const { memoryBytes: memory } = this.#options;
      this.#post({ type: "executorAdded", executor: id, host, slots, threads, memory });
      this.#onFirst();
      this.#moves.tell();
      return;
    }
    if (executor === undefined) throw invalidReport(`'${id}' says '${message.type}' before it has registered`);
    executor.heard = this.#options.clock.now();
    this.#report(executor, message);
  }

  #report(executor: RemoteExecutor, message: Exclude<FromExecutor, { type: "registered" }>): void {
    const { id } = executor;
    switch (message.type) {
      case "finished":
        executor.hear(message);
        this.#options.fleet.worked(id);
        this.#blocksAdded(executor, message.task, message.blocks);
        this.#running.ended(message.task);
        return this.#finished(executor, message);
      case "failed":
        executor.hear(message);
        this.#blocksAdded(executor, message.task, message.blocks);
        this.#running.ended(message.task);
        this.#results.ended(message.task);
        return this.#post({ type: "taskFailed", task: message.task, failure: failureOf(message.failure) });
      case "commitAsked":
        return this.#post({ type: "commitAsked", task: message.task });
      case "barrier":
        return this.#post({
          ...{ type: "barrierCalled", task: message.task, executor: id },
          call: barrierCallOf(id, message.call),
        });
      case "heartbeat":
        return executor.hear(message);
      case "taken":
        if (message.copy !== undefined) executor.hold(message.copy);
        return this.#moves.taken(executor, message);
      case "dropped":
        return this.#dropped(executor, message.blocks);
      case "broadcastAsked":
      case "pieceTaken":
      case "pieceFailed":
        return this.#broadcasts?.report(id, message);
      case "leaving":
        return this.#drain(id, message.within);
      case "failing":
        executor.failing = message.reason;
        return;
      default:
        return message satisfies never;
    }
  }

  #finished(
    executor: RemoteExecutor,
    { task, outcome, accumulators }: Extract<FromExecutor, { readonly type: "finished" }>,
  ): void {
    if (outcome.kind === "storedResult") return this.#results.finished(executor, task, outcome, accumulators);
    if (outcome.kind === "output") executor.hold(outcome.output);
    this.#results.ended(task);
    this.#post({
      ...{ type: "taskFinished", task, outcome: outcomeOf(executor.id, outcome) },
      ...(accumulators && { accumulators }),
    });
  }

  #blocksAdded(executor: RemoteExecutor, task: TaskId, blocks: readonly StoredBlock[]): void {
    if (blocks.length === 0) return;
    const cached = blocks.map((block) => cachedBlockOf(executor.id, block));
    for (const { handle } of cached) executor.hold(handle as RemoteHandle, handle as RemoteHandle);
    this.#post({ type: "blocksAdded", task, blocks: cached });
  }

  #dropped(executor: RemoteExecutor, blocks: Extract<FromExecutor, { type: "dropped" }>["blocks"]): void {
    const lost = blocks.flatMap(({ node, partition, place }) => {
      const handle = executor.dropped(place);
      return handle === undefined ? [] : { node, partition, executor: executor.id, handle };
    });
    if (lost.length > 0) this.#post({ type: "blocksLost", blocks: lost });
  }

  /** An executor has to go: it gets no more tasks, and its blocks move away. What is not done in time is done anew elsewhere. */
  #drain(id: string, within: number): void {
    if (this.#stopped) return;
    const { fleet, timers } = this.#options;
    const executor = this.#executors.get(id);
    if (executor?.draining === true) return;
    fleet.leaving(id);
    if (executor === undefined) {
      // It has nothing to give away.
      if (this.#expected.has(id)) fleet.end(id);
      this.#expected.forget(id);
      return;
    }
    executor.draining = true;
    executor.cancelDeadline = timers.after(within, () => {
      this.#send(id, { type: "stop" });
      executor.cancelDeadline = timers.after(dismissalPatience, () =>
        this.#giveUp(id, executor.channel, "it had to go, and did not"),
      );
    });
    this.#post({ type: "executorDraining", executor: id });
  }

  /** An executor's connection is gone: so is the executor, as soon as it is known why. */
  #lost(id: string, channel: Channel<ToExecutor, FromExecutor>, detail: string): void {
    const executor = this.#executors.get(id);
    if (this.#stopped || executor?.channel !== channel) return;
    this.#executors.delete(id);
    executor.cancelDeadline();
    this.#results.lost(id);
    this.#running.lost(id);
    this.#moves.lost(id);
    this.#broadcasts?.lost(id);
    this.#ending.add(id, (end) => {
      // Whatever it was that cut the connection: nobody listens to this executor any more.
      if (end === undefined) this.#options.fleet.end(id);
      const reason = `executor '${id}' is lost: ${executor.failing ?? (end === undefined ? detail : describeEnd(end))}`;
      const taskFault = end !== undefined && isMemoryDeath(end);
      const error: ReportedError = {
        error: serializeError(new GloamError(taskFault ? "GLOAM_OUT_OF_MEMORY" : "GLOAM_WORKER_LOST", reason)),
      };
      this.#post({ type: "executorLost", executor: id, reason, taskFault, error });
    });
  }

  /** Ends an executor. How that looks says nothing about why, so no task gets the blame. */
  #giveUp(id: string, channel: RemoteExecutor["channel"], detail: string): void {
    this.#lost(id, channel, detail);
    channel.terminate();
    this.#ending.settle(id, undefined);
  }

  #exited(id: string, end: ProcessEnd): void {
    const executor = this.#executors.get(id);
    if (executor !== undefined) {
      this.#lost(id, executor.channel, describeEnd(end));
      executor.channel.terminate();
    }
    this.#ending.settle(id, end);
    this.#expected.forget(id);
  }

  /** What executors said while this process stood still has not been read yet: that time counts for none of them. */
  #excuse(stoodStill: number): void {
    if (stoodStill < this.#options.aliveInterval) return;
    for (const executor of this.#executors.values()) executor.heard += stoodStill;
    this.#expected.excuse(stoodStill);
  }

  /** Looks for executors that have fallen silent or never said a word, and lets all hear that the driver is there. */
  #watch(): void {
    const { timers, aliveInterval, executorTimeout, startTimeout, clock, fleet } = this.#options;
    const due = clock.now() + aliveInterval;
    this.#cancelWatch = timers.after(aliveInterval, () => {
      this.#excuse(clock.now() - due);
      for (const { id, heard, channel } of [...this.#executors.values()]) {
        if (clock.now() - heard > executorTimeout) {
          this.#giveUp(id, channel, `it has said nothing for ${executorTimeout} ms`);
        } else {
          channel.send({ type: "alive" });
        }
      }
      for (const id of this.#expected.overdue(startTimeout)) {
        this.#expected.forget(id);
        fleet.end(id);
      }
      this.#watch();
    });
  }
}

function byExecutor(outputs: readonly MapOutput[]): Map<string, { readonly store: number; readonly output: number }[]> {
  const handles = new Map<string, { readonly store: number; readonly output: number }[]>();
  for (const { handle } of outputs) {
    const { executor, store, output } = handle as RemoteHandle;
    const own = handles.get(executor);
    if (own === undefined) handles.set(executor, [{ store, output }]);
    else own.push({ store, output });
  }
  return handles;
}

function stoppedEarly(): GloamError {
  return new GloamError("GLOAM_CONTEXT_STOPPED", "the context was stopped before there was an executor");
}
