import {
  ExecutorHost,
  ModuleFiles,
  type ExecutorHostOptions,
  type HostedFailure,
  type HostedTaskEnd,
  type ImportedModules,
} from "@gloam/executor";
import { GloamError, serializeError } from "@gloam/common";
import type {
  CachedBlock,
  ClusterBackend,
  MapOutput,
  PreparedTask,
  StageCode,
  TaskFailure,
  TaskId,
  TaskOutcome,
  UntimedEvent,
} from "@gloam/scheduler";
import type { BarrierAnswer, BroadcastBytes, BroadcastId, DriverTraffic, ExecutorStatus } from "@gloam/plan";
import type { ReportedError } from "../driver-error.ts";
import type { ReportedResult } from "../reported-result.ts";

const executor = "local";

/** One executor inside this process. */
export class LocalBackend implements ClusterBackend {
  readonly #host: ExecutorHost;
  readonly #scratchPath: string;
  /** Added files, of which the threads get a copy as executors elsewhere do. */
  #files: ModuleFiles | undefined;
  readonly #memory: number;
  #post: (event: UntimedEvent) => void = () => undefined;

  /** @param memory Bytes of all tasks together. */
  constructor(options: ExecutorHostOptions, memory: number) {
    this.#scratchPath = options.scratchPath;
    this.#memory = memory;
    this.#host = new ExecutorHost(options, {
      onEnded: (task, end) => this.#ended(task, end),
      onDropped: (block) => this.#post({ type: "blocksLost", blocks: [{ ...block, executor }] }),
      onCommitAsked: (task) => this.#post({ type: "commitAsked", task }),
      // Workers have all that there are.
      onBroadcastWanted: (broadcast) =>
        this.#host.failBroadcast(
          broadcast,
          serializeError(
            new GloamError("GLOAM_BROADCAST_DESTROYED", `broadcast ${broadcast} was destroyed before it was read`),
          ),
        ),
      onBarrierCalled: (task, call) => this.#post({ type: "barrierCalled", task, executor, call }),
      onFailing: ({ message: reason }) => {
        this.#post({ type: "executorLost", executor, reason, taskFault: false });
        // There is but this one: whoever waited for another would wait for ever.
        this.#post({ type: "noMoreExecutors", reason });
      },
    });
  }

  async start(post: (event: UntimedEvent) => void): Promise<void> {
    this.#post = post;
    await this.#host.start();
    const { places: slots, threads } = this.#host;
    post({ type: "executorAdded", executor, host: "localhost", slots, threads, memory: this.#memory });
  }

  /** Whether the threads keep the process alive: they do while jobs run. */
  reference(alive: boolean): void {
    this.#host.reference(alive);
  }

  launch({ launch, code, shuffles }: PreparedTask): void {
    const { task, stage, stageKind, partition, attempt, cached, slot, peers, alone, range } = launch;
    if (!this.#host.hasStage(stage)) {
      this.#host.addStage(stage, stageKind.kind === "shuffleMap", code.bytes, this.#filesOf(code));
    }
    this.#host.launch(
      {
        task,
        stage,
        partition,
        attempt,
        payloads: code.payloads(partition),
        shuffles: shuffles.map(({ shuffle, outputs }) => ({
          shuffle,
          outputs: outputs.map((output) => ({
            partition: output.partition,
            task: output.task,
            handle: output.handle,
            sketch: output.sketch,
          })),
        })),
        cached: cached.map(({ node, partition: of, handle, computedBy }) => ({
          ...{ node, partition: of, handle, computedBy },
        })),
        barrier: peers && { rank: partition, attempt, peers },
        alone,
        range,
      },
      // Decoded rows of cached partitions lie with one worker; the other can read the block.
      alone === true ? slot : (cached[0]?.slot ?? slot),
    );
  }

  kill(task: TaskId): void {
    this.#host.kill(task);
  }

  answerCommit(task: TaskId, _executor: string, granted: boolean): void {
    this.#host.answerCommit(task, granted);
  }

  answerBarrier(task: TaskId, _executor: string, answer: BarrierAnswer): void {
    this.#host.answerBarrier(task, answer);
  }

  dropBarrierBlocks(_executor: string, handles: readonly unknown[]): void {
    this.#host.free(handles);
  }

  forgetStages(stages: readonly number[]): void {
    this.#host.forgetStages(stages);
  }

  dropMapOutputs(outputs: readonly MapOutput[]): void {
    this.#host.free(outputs.map(({ handle }) => handle));
  }

  /** Tasks bring with them what they read. */
  forgetShuffle(): void {}

  dropCachedBlocks(blocks: readonly CachedBlock[]): void {
    this.#host.forgetCached(blocks);
    this.#host.free(blocks.map(({ handle }) => handle));
  }

  /** There is nowhere to move blocks to: the one executor ends with the driver. */
  migrateBlocks(): void {}

  /** Nor to copy them to. */
  replicateBlock(): void {}
  addBroadcast(broadcast: BroadcastId, bytes: BroadcastBytes): void {
    this.#host.putBroadcast(broadcast, bytes);
  }

  /** The memory is the driver's own; what workers have rebuilt of it goes. */
  unpersistBroadcast(broadcast: BroadcastId): void {
    this.#host.forgetBroadcast(broadcast);
  }

  releaseBroadcasts(broadcasts: readonly BroadcastId[]): void {
    this.#host.dropBroadcasts(broadcasts);
  }

  /** The slots are fixed. */
  requestExecutors(): void {}

  releaseExecutor(): void {}

  executors(): readonly ExecutorStatus[] {
    const { places, tasks } = this.#host;
    return [
      {
        ...{ executor, host: "localhost", slots: places, tasks },
        residentBytes: process.memoryUsage.rss(),
        ...{ fetchedBytes: 0, servedBytes: 0, evictedBlocks: this.#host.evictedBlocks },
      },
    ];
  }

  /** Nothing leaves the process. */
  traffic(): DriverTraffic {
    return { fetchedBytes: 0, servedBytes: 0 };
  }

  stop(): Promise<void> {
    return this.#host.stop();
  }

  /** Removes temporary files at once, whatever still runs: for a process that exits. */
  removeFiles(): void {
    this.#host.removeFiles();
  }

  #filesOf({ modules }: StageCode): ImportedModules | undefined {
    if (modules === undefined) return undefined;
    const files = (this.#files ??= new ModuleFiles(this.#scratchPath));
    for (const file of modules.modules) if (!files.has(file.path)) files.add(file);
    return files.importedBy(modules);
  }

  #ended(task: TaskId, end: HostedTaskEnd): void {
    const { blocks, worker } = end;
    if (blocks.length > 0) {
      this.#post({ type: "blocksAdded", task, blocks: blocks.map((block) => ({ ...block, executor, slot: worker })) });
    }
    if (end.type === "failed") this.#post({ type: "taskFailed", task, failure: failureOf(end.failure) });
    else this.#post({ type: "taskFinished", task, outcome: outcomeOf(end.outcome), accumulators: end.accumulators });
  }
}

function outcomeOf(outcome: Extract<HostedTaskEnd, { type: "finished" }>["outcome"]): TaskOutcome {
  if (outcome.kind === "result") {
    const { bytes, encoded } = outcome;
    return { kind: "result", value: { bytes, encoded } satisfies ReportedResult };
  }
  if (outcome.kind === "storedResult") throw new GloamError("GLOAM_INTERNAL", "a result was kept in its own process");
  const { handle, sizes, sketch } = outcome;
  return { kind: "mapOutput", handle, sizes, sketch };
}

function failureOf(failure: HostedFailure): TaskFailure {
  switch (failure.kind) {
    case "exception":
      return {
        kind: "exception",
        error: { error: failure.error, operation: failure.operation } satisfies ReportedError,
      };
    case "fetchFailed":
    case "cachedBlockMissing":
    case "workerLost":
      return { ...failure, error: { error: failure.error } satisfies ReportedError };
    case "commitDenied":
    case "killed":
      return failure;
  }
}
