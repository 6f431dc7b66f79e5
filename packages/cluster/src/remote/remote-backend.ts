import { GloamError, serializeError, type Clock, type Timers } from "@gloam/common";
import type { Channel, FromExecutor, StoredBlock, TaskOutcomeMessage, ToExecutor } from "@gloam/protocol";
import type {
  CachedBlock,
  ClusterBackend,
  MapOutput,
  PreparedTask,
  ResultGate,
  TaskId,
  UntimedEvent,
} from "@gloam/scheduler";
import type { ReportedError } from "../driver-error.ts";
import { cachedBlockOf, failureOf, invalidReport, outcomeOf } from "./executor-reports.ts";
import { describeEnd, isMemoryDeath, type Fleet, type ProcessEnd } from "./fleet.ts";
import { KeptResults } from "./kept-results.ts";
import { RemoteExecutor } from "./remote-executor.ts";
import type { RemoteHandle } from "./remote-handle.ts";
import { ResultFetcher, type ResultFetcherOptions } from "./result-fetcher.ts";

/** How long the end of a process may lag behind that of its connection, in milliseconds. */
const exitPatience = 500;

/** An executor that is to register. */
interface ExpectedExecutor {
  /** Milliseconds of the driver's clock. */
  since: number;
  /** Once it has connected. */
  channel: Channel<ToExecutor, FromExecutor> | undefined;
}

/** An executor whose connection is gone. */
interface EndingExecutor {
  /** Says that it is lost: how its process ended, or that nobody knows. */
  readonly settle: (end: ProcessEnd | undefined) => void;
  /** Waits no longer for how its process ended. */
  readonly cancel: () => void;
}

export interface RemoteBackendOptions {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Milliseconds without a word from an executor after which it counts as lost; also from its start to its first word. */
  readonly executorTimeout: number;
  /** Milliseconds after which an executor hears from its driver, whatever else there is to say. */
  readonly aliveInterval: number;
  /** How large results are fetched. */
  readonly results: ResultFetcherOptions;
}

/** Executors in processes of their own, wherever they come from: speaks with them, and says what becomes of them. */
export class RemoteBackend implements ClusterBackend {
  readonly #options: RemoteBackendOptions;
  readonly #executors = new Map<string, RemoteExecutor>();
  /** Executors that have been started and have not registered yet. */
  readonly #expected = new Map<string, ExpectedExecutor>();
  /** Executors whose connection is gone, until it is known how their process ended. */
  readonly #ending = new Map<string, EndingExecutor>();
  readonly #results: KeptResults;
  #post: (event: UntimedEvent) => void = () => undefined;
  #mayFetch: ResultGate = () => false;
  #onFirst: () => void = () => undefined;
  #onNone: (error: Error) => void = () => undefined;
  #cancelWatch: () => void = () => undefined;
  #stopped = false;

  constructor(options: RemoteBackendOptions) {
    this.#options = options;
    this.#results = new KeptResults(new ResultFetcher(options.results), {
      post: (event) => this.#post(event),
      mayFetch: (job, partition, bytes) => this.#mayFetch(job, partition, bytes),
    });
  }

  async start(post: (event: UntimedEvent) => void, mayFetch: ResultGate): Promise<void> {
    // The driver may be stopped while what comes before this is under way.
    if (this.#stopped) throw stoppedEarly();
    this.#post = post;
    this.#mayFetch = mayFetch;
    this.#watch();
    await new Promise<void>((resolve, reject) => {
      this.#onFirst = resolve;
      this.#onNone = reject;
      this.#options.fleet
        .start({
          onStart: (executor) => this.#expect(executor),
          onExit: (executor, end) => this.#exited(executor, end),
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
    const expected = this.#expected.get(executor);
    return !this.#stopped && expected !== undefined && expected.channel === undefined;
  }

  /** An executor has connected; it says who it is before it is one. */
  connected(executor: string, channel: Channel<ToExecutor, FromExecutor>): void {
    const expected = this.#expected.get(executor);
    // It may have ended, or the driver stopped, while the two sides shook hands.
    if (expected === undefined || !this.expects(executor)) {
      channel.terminate();
      return;
    }
    expected.channel = channel;
    channel.observe({
      onMessage: (message) => this.#receive(executor, channel, message),
      onClose: (error) => this.#lost(executor, channel, error?.message ?? "it has hung up"),
    });
  }

  launch(task: PreparedTask): void {
    const executor = this.#executors.get(task.launch.executor);
    if (executor === undefined) return;
    this.#results.launched(task.launch);
    executor.launch(task, (id) => this.#executors.get(id)?.address);
  }

  kill(task: TaskId, executor: string): void {
    this.#send(executor, { type: "kill", task });
    this.#results.killed(task);
  }

  answerCommit(task: TaskId, executor: string, granted: boolean): void {
    this.#send(executor, { type: "commit", task, granted });
  }

  forgetStages(stages: readonly number[]): void {
    for (const executor of this.#executors.values()) executor.forgetStages(stages);
  }

  dropMapOutputs(outputs: readonly MapOutput[]): void {
    for (const [executor, handles] of byExecutor(outputs)) this.#send(executor, { type: "free", outputs: handles });
  }

  forgetShuffle(shuffle: number): void {
    for (const executor of this.#executors.values()) executor.forgetShuffle(shuffle);
  }

  dropCachedBlocks(blocks: readonly CachedBlock[]): void {
    for (const executor of new Set(blocks.map((block) => block.executor))) {
      this.#send(executor, {
        type: "dropCached",
        blocks: blocks
          .filter((block) => block.executor === executor)
          .map(({ node, partition, handle }) => {
            const { store, output } = handle as RemoteHandle;
            return { node, partition, place: { store, output } };
          }),
      });
    }
  }

  migrateBlocks(): void {}

  requestExecutors(): void {}

  releaseExecutor(executor: string): void {
    this.#send(executor, { type: "stop" });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelWatch();
    for (const { cancel } of this.#ending.values()) cancel();
    this.#ending.clear();
    this.#onNone(stoppedEarly());
    this.#results.close();
    for (const { channel } of this.#executors.values()) channel.send({ type: "stop" });
    await this.#options.fleet.stop();
    for (const { channel } of this.#executors.values()) channel.terminate();
    for (const { channel } of this.#expected.values()) channel?.terminate();
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
      const { host, blockPort, slots } = message;
      this.#expected.delete(id);
      const address = { executor: id, host, port: blockPort };
      this.#executors.set(id, new RemoteExecutor(id, address, channel, this.#options.clock.now()));
      this.#post({ type: "executorAdded", executor: id, host, slots });
      this.#onFirst();
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
        this.#blocksAdded(id, message.task, message.blocks);
        return this.#finished(executor, message.task, message.outcome);
      case "failed":
        this.#blocksAdded(id, message.task, message.blocks);
        this.#results.ended(message.task);
        return this.#post({ type: "taskFailed", task: message.task, failure: failureOf(message.failure) });
      case "commitAsked":
        return this.#post({ type: "commitAsked", task: message.task });
      case "heartbeat":
        return;
      case "failing":
        executor.failing = message.reason;
        return;
      default:
        return message satisfies never;
    }
  }

  #finished(executor: RemoteExecutor, task: TaskId, outcome: TaskOutcomeMessage): void {
    if (outcome.kind === "storedResult") return this.#results.finished(executor, task, outcome);
    this.#results.ended(task);
    this.#post({ type: "taskFinished", task, outcome: outcomeOf(executor.id, outcome) });
  }

  #blocksAdded(executor: string, task: TaskId, blocks: readonly StoredBlock[]): void {
    if (blocks.length === 0) return;
    this.#post({ type: "blocksAdded", task, blocks: blocks.map((block) => cachedBlockOf(executor, block)) });
  }

  /** An executor's connection is gone: so is the executor, as soon as it is known why. */
  #lost(id: string, channel: Channel<ToExecutor, FromExecutor>, detail: string): void {
    const executor = this.#executors.get(id);
    if (this.#stopped || executor?.channel !== channel) return;
    this.#executors.delete(id);
    this.#results.lost(id);
    const cancel = this.#options.timers.after(exitPatience, () => settle(undefined));
    const settle = (end: ProcessEnd | undefined): void => {
      cancel();
      this.#ending.delete(id);
      // Whatever it was that cut the connection: nobody listens to this executor any more.
      if (end === undefined) this.#options.fleet.end(id);
      const reason = `executor '${id}' is lost: ${executor.failing ?? (end === undefined ? detail : describeEnd(end))}`;
      const taskFault = end !== undefined && isMemoryDeath(end);
      const error: ReportedError = {
        error: serializeError(new GloamError(taskFault ? "GLOAM_OUT_OF_MEMORY" : "GLOAM_WORKER_LOST", reason)),
      };
      this.#post({ type: "executorLost", executor: id, reason, taskFault, error });
    };
    this.#ending.set(id, { settle, cancel });
  }

  #exited(id: string, end: ProcessEnd): void {
    const executor = this.#executors.get(id);
    if (executor !== undefined) {
      this.#lost(id, executor.channel, describeEnd(end));
      executor.channel.terminate();
    }
    this.#ending.get(id)?.settle(end);
    this.#forgetExpected(id);
  }

  #expect(executor: string): void {
    this.#expected.set(executor, { since: this.#options.clock.now(), channel: undefined });
  }

  #forgetExpected(id: string): void {
    const expected = this.#expected.get(id);
    this.#expected.delete(id);
    expected?.channel?.terminate();
  }

  /** What executors said while this process stood still has not been read yet: that time counts for none of them. */
  #excuse(stoodStill: number): void {
    if (stoodStill < this.#options.aliveInterval) return;
    for (const executor of this.#executors.values()) executor.heard += stoodStill;
    for (const expected of this.#expected.values()) expected.since += stoodStill;
  }

  /** Looks for executors that have fallen silent or never said a word, and lets all hear that the driver is there. */
  #watch(): void {
    const { timers, aliveInterval, executorTimeout, clock, fleet } = this.#options;
    const due = clock.now() + aliveInterval;
    this.#cancelWatch = timers.after(aliveInterval, () => {
      this.#excuse(clock.now() - due);
      for (const { id, heard, channel } of [...this.#executors.values()]) {
        if (clock.now() - heard > executorTimeout) {
          this.#lost(id, channel, `it has said nothing for ${executorTimeout} ms`);
          channel.terminate();
          // It is ended now, and how that looks says nothing about why it fell silent.
          this.#ending.get(id)?.settle(undefined);
        } else {
          channel.send({ type: "alive" });
        }
      }
      for (const [id, { since }] of [...this.#expected]) {
        if (clock.now() - since <= executorTimeout) continue;
        this.#forgetExpected(id);
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
