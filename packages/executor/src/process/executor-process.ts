import { decodeValue } from "@gloam/arrow";
import { GloamError, isGloamError, serializeError, type Timers } from "@gloam/common";
import { levelNamed, storageTraits, type BarrierAnswer, type BarrierCall } from "@gloam/plan";
import type {
  BarrierAnswerMessage,
  BlockAddress,
  Channel,
  FromExecutor,
  LaunchedTask,
  PlacedOutput,
  SentModule,
  StageModulesMessage,
  ToExecutor,
} from "@gloam/protocol";
import type { CachedIdentity, OutputHandle } from "@gloam/storage";
import type { HostedTaskEnd } from "../host/host-port.ts";
import type { HostedTask } from "../host/task-queues.ts";
import type { RemoteOutput } from "../exchange/remote-output.ts";
import type { CachedInput, ImportedModules, TaskMessage } from "../task-messages.ts";
import type { BroadcastFetcher } from "./broadcast-fetcher.ts";
import { CommittedOutputs } from "./committed-outputs.ts";
import type { ModuleFiles } from "./module-files.ts";
import { KnownOutputs } from "./known-outputs.ts";
import { barrierCallOf, reportOf, stored, type ExecutorFigures } from "./task-reports.ts";

/** What runs the tasks: an `ExecutorHost`. */
export interface TaskRunner {
  addStage(stage: number, shuffleMap: boolean, bytes: Uint8Array, modules?: ImportedModules): void;
  forgetStages(stages: readonly number[]): void;
  launch(task: HostedTask, slot: number): void;
  kill(task: number): void;
  answerCommit(task: number, granted: boolean): void;
  answerBarrier(task: number, answer: BarrierAnswer): void;
  forgetCached(blocks: readonly { readonly node: number; readonly partition: number }[]): void;
}

export interface ExecutorProcessOptions {
  readonly channel: Channel<FromExecutor, ToExecutor>;
  readonly runner: TaskRunner;
  /** Frees outputs that are committed here, once nobody reads them. */
  readonly free: (handles: readonly OutputHandle[]) => void;
  /** Copies an output of another executor, and commits the copy before it tells of it; none where the output cannot be had. */
  readonly take: (
    source: RemoteOutput,
    cached: CachedIdentity | undefined,
    onTaken: (copy: OutputHandle | undefined) => void,
  ) => void;
  /** Gets broadcasts; without, a driver that says anything of them is not believed. */
  readonly broadcasts?: Pick<BroadcastFetcher, "receive"> | undefined;
  /** Where modules of the user's program are kept; without, a driver that sends any is not believed. */
  readonly modules?: Pick<ModuleFiles, "add" | "importedBy"> | undefined;
  readonly timers: Timers;
  /** Milliseconds between two heartbeats. */
  readonly heartbeatInterval: number;
  /** Milliseconds without a word from the driver after which it counts as gone. */
  readonly driverLostTimeout: number;
  /** Bytes of blocks that have been exchanged so far, and cached blocks that were evicted. */
  readonly traffic: () => ExecutorFigures;
  /** Resident bytes of this process. */
  readonly residentBytes: () => number;
  /** The end: an error where the driver is gone, none where it has said so. Called once. */
  readonly onEnd: (error: GloamError | undefined) => void;
}

/** An executor between its driver and its threads: what the driver says becomes work, and what the threads say reports. */
export class ExecutorProcess {
  readonly #options: ExecutorProcessOptions;
  readonly #known = new KnownOutputs();
  readonly #committed = new CommittedOutputs();
  readonly #tasks = new Set<number>();
  #places = 0;
  #leaving = false;
  #ended = false;
  #cancelDeadline: () => void = () => undefined;
  #cancelHeartbeat: () => void = () => undefined;
  #cancelSilence: () => void = () => undefined;

  constructor(options: ExecutorProcessOptions) {
    this.#options = options;
  }

  /** Registers with the driver, and begins to take tasks. */
  begin(registration: Extract<FromExecutor, { type: "registered" }>): void {
    this.#places = registration.slots;
    const { channel } = this.#options;
    channel.send(registration);
    this.#beat();
    this.#listen();
    // The driver may have hung up by now, which is told at once and ends what has begun.
    channel.observe({
      onMessage: (message) => this.#receive(message),
      onClose: (error) => this.#end(error ?? new GloamError("GLOAM_CONNECTION_LOST", "the driver has hung up")),
    });
  }

  /** The end of a task. */
  ended(task: number, end: HostedTaskEnd): void {
    this.#tasks.delete(task);
    const { channel, traffic } = this.#options;
    try {
      channel.send(reportOf(task, end, traffic()));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      // Another executor would have as much to say.
      channel.send(reportOf(task, this.#unsaid(end, error), traffic()));
    }
  }

  /** A cached block is kept no longer. */
  dropped({
    node,
    partition,
    handle,
  }: Pick<CachedInput, "node" | "partition"> & { readonly handle: OutputHandle }): void {
    const { store, output } = handle;
    this.#options.free(this.#committed.take([{ store, output }]));
    this.#options.channel.send({ type: "dropped", blocks: [{ node, partition, place: { store, output } }] });
  }

  commitAsked(task: number): void {
    this.#options.channel.send({ type: "commitAsked", task });
  }

  /** A task of a barrier waits for others, or gives them something. */
  barrierCalled(task: number, call: BarrierCall): void {
    this.#options.channel.send({ type: "barrier", task, call: barrierCallOf(call) });
  }

  /**
   * It has to go, which its driver is told: what runs may end, and the blocks move to others. Then the driver ends it, or it ends
   * by itself after so many milliseconds; at once when this is said a second time.
   */
  leave(within: number): void {
    if (this.#ended) return;
    if (this.#leaving) {
      this.#end(undefined);
      return;
    }
    this.#leaving = true;
    const { channel, timers } = this.#options;
    channel.send({ type: "leaving", within });
    this.#cancelDeadline = timers.after(within, () => this.#end(undefined));
  }

  /** It cannot go on. */
  failing(error: Error): void {
    this.#options.channel.send({ type: "failing", reason: error.message });
    this.#end(new GloamError("GLOAM_WORKER_LOST", "this executor can run no more tasks", { cause: error }));
  }

  get committed(): CommittedOutputs {
    return this.#committed;
  }

  #receive(message: ToExecutor): void {
    if (this.#ended) return;
    this.#listen();
    const { runner } = this.#options;
    switch (message.type) {
      case "stage":
        return runner.addStage(message.stage, message.shuffleMap, message.code, this.#importedBy(message.modules));
      case "module":
        return this.#keep(message);
      case "forgetStages":
        return runner.forgetStages(message.stages);
      case "mapOutputs":
        return this.#known.add(
          message.shuffle,
          message.outputs.map(({ partition, task, place, sketch }) => ({
            partition,
            task,
            handle: this.#handleOf(place, message.addresses),
            sketch,
          })),
        );
      case "forgetShuffles":
        for (const shuffle of message.shuffles) this.#known.forget(shuffle);
        return;
      case "task":
        return this.#launch(message.task);
      case "kill":
        return runner.kill(message.task);
      case "commit":
        return runner.answerCommit(message.task, message.granted);
      case "barrier":
        return runner.answerBarrier(message.task, this.#answerOf(message.answer, message.addresses));
      case "free":
        return this.#options.free(this.#committed.take(message.outputs));
      case "dropCached":
        runner.forgetCached(message.blocks);
        return this.#options.free(this.#committed.take(message.blocks.map(({ place }) => place)));
      case "take":
        return this.#take(message.move, { ...message.from, ...message.output }, message.cached);
      case "broadcast":
      case "fetchPieces":
      case "broadcastFailed":
      case "dropBroadcasts": {
        const { broadcasts } = this.#options;
        if (broadcasts === undefined) throw new GloamError("GLOAM_FRAME_INVALID", "there are no broadcasts here");
        return broadcasts.receive(message);
      }
      case "alive":
        return;
      case "stop":
        return this.#end(undefined);
      default:
        return message satisfies never;
    }
  }

  /** What a task ends with whose report is too large for a message: what its driver will never hear of is freed. */
  #unsaid(end: HostedTaskEnd, cause: RangeError): HostedTaskEnd {
    if (end.type === "finished" && end.outcome.kind !== "result") {
      this.#options.free(this.#committed.take([end.outcome.handle as OutputHandle]));
    }
    const told = `the driver cannot be told of a task's end: ${cause.message}`;
    const hint = "give accumulators, and errors that are thrown, less in each task, or use more partitions";
    const error = serializeError(new GloamError("GLOAM_RESULT_TOO_LARGE", told, { hint, cause }));
    const failure = { kind: "exception", error, operation: undefined } as const;
    return { type: "failed", failure, blocks: end.blocks, worker: end.worker };
  }

  #keep(module: SentModule): void {
    try {
      this.#modules().add(module);
    } catch (error) {
      if (!isGloamError(error) || error.code === "GLOAM_FRAME_INVALID") throw error;
      this.failing(error);
    }
  }

  #importedBy(modules: StageModulesMessage | undefined): ImportedModules | undefined {
    return modules && this.#modules().importedBy(modules);
  }

  #modules(): Pick<ModuleFiles, "add" | "importedBy"> {
    const { modules } = this.#options;
    if (modules === undefined) throw new GloamError("GLOAM_FRAME_INVALID", "there is no place for modules here");
    return modules;
  }

  #answerOf(answer: BarrierAnswerMessage, addresses: readonly BlockAddress[]): BarrierAnswer {
    if (answer.kind === "error") return answer;
    const parts = answer.parts.map((part) => {
      if (part.kind === "bytes") return part;
      const { kind, rank, segment, place } = part;
      return { kind, rank, segment, handle: this.#handleOf(place, addresses) };
    });
    return { kind: "parts", call: answer.call, parts };
  }

  #launch(launched: LaunchedTask): void {
    const { task, stage, partition, attempt, payloads, shuffles, addresses, cached, slot, peers, alone, range } =
      launched;
    if (this.#tasks.size >= this.#places) {
      throw new GloamError("GLOAM_INTERNAL", `the driver gives more tasks than the ${this.#places} that fit`);
    }
    this.#tasks.add(task);
    this.#options.runner.launch(
      {
        task,
        stage,
        partition,
        attempt,
        payloads: decodeValue(payloads) as TaskMessage["payloads"],
        shuffles: shuffles.map((shuffle) => this.#known.of(shuffle)),
        cached: cached.map((block) => ({
          node: block.node,
          partition: block.partition,
          handle: this.#handleOf(block.place, addresses),
          computedBy: block.computedBy,
        })),
        barrier: peers && { rank: partition, attempt, peers },
        alone,
        range,
      },
      slot,
    );
  }

  #take(move: number, source: RemoteOutput, cached: Extract<ToExecutor, { type: "take" }>["cached"]): void {
    const { take, channel } = this.#options;
    const identity = cached && { ...cached, traits: storageTraits(levelNamed(cached.level)) };
    take(source, identity, (copy) => channel.send({ type: "taken", move, copy: copy && stored(copy) }));
  }

  #handleOf({ store, output, remote }: PlacedOutput, addresses: readonly BlockAddress[]): unknown {
    if (remote === undefined) return this.#committed.get({ store, output });
    const address = addresses[remote.at];
    if (address === undefined) throw new GloamError("GLOAM_FRAME_INVALID", `a message lacks the address ${remote.at}`);
    return { ...address, store, output, index: remote.index } satisfies RemoteOutput;
  }

  #beat(): void {
    const { timers, heartbeatInterval, channel, residentBytes, traffic } = this.#options;
    this.#cancelHeartbeat = timers.after(heartbeatInterval, () => {
      channel.send({ type: "heartbeat", tasks: [...this.#tasks], residentBytes: residentBytes(), traffic: traffic() });
      this.#beat();
    });
  }

  /** The driver has said something: it has to again before long. */
  #listen(): void {
    const { timers, driverLostTimeout } = this.#options;
    this.#cancelSilence();
    this.#cancelSilence = timers.after(driverLostTimeout, () =>
      this.#end(new GloamError("GLOAM_CONNECTION_LOST", `the driver has said nothing for ${driverLostTimeout} ms`)),
    );
  }

  #end(error: GloamError | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelDeadline();
    this.#cancelHeartbeat();
    this.#cancelSilence();
    this.#options.onEnd(error);
  }
}
