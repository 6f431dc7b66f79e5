import type { Clock, Timers } from "@gloam/common";
import { workStatus } from "@gloam/scheduler";
import type {
  ClusterBackend,
  JobGraph,
  JobId,
  JobProperties,
  PreparedTask,
  Scheduler,
  SchedulerEvent,
  SchedulerInstruction,
  StageCode,
  StageId,
  StageKind,
  UntimedEvent,
  WorkStatus,
} from "@gloam/scheduler";
import type { ExecutorStatus, ShuffleId } from "@gloam/plan";
import { EventRecorder } from "./event-recorder.ts";
import type { ReportedResult } from "./reported-result.ts";
import type { SchedulingEvent } from "./scheduling-event.ts";
import type { JobObserver, SchedulingFailure, StageEvent } from "./scheduling.ts";

/** Where stages get their code from. */
export interface StageCodeSource {
  codeOf(kind: StageKind): StageCode;
}

/** A job under way. */
interface HostedJob {
  readonly observer: JobObserver;
  /** Shuffles in its lineage: it may use the stages that compute them. */
  readonly shuffles: ReadonlySet<ShuffleId>;
  /** Those that are asked for. */
  readonly partitions: readonly number[];
  /** Bytes of each partition's result, of those that are there or are to be fetched. */
  readonly sizes: Map<number, number>;
  /** Of all of them. */
  bytes: number;
  /** Set once the job is to fail whatever the scheduler says of its end. */
  failure: SchedulingFailure | undefined;
}

/** A stage with tasks that have been launched. */
interface HostedStage {
  readonly kind: StageKind;
  readonly code: StageCode;
}

/**
 * Runs the pure scheduler: stamps events with the time, feeds them one at a time, and carries out the instructions. Jobs
 * are told of their ends only after all instructions of an event are carried out.
 */
export class SchedulerHost {
  readonly #scheduler: Scheduler;
  readonly #backend: ClusterBackend;
  readonly #clock: Clock;
  readonly #timers: Timers;
  readonly #code: StageCodeSource;
  readonly #maxResultBytes: number;
  readonly #warn: (message: string) => void;
  readonly #jobs = new Map<JobId, HostedJob>();
  readonly #queue: SchedulerEvent[] = [];
  readonly #stages = new Map<StageId, HostedStage>();
  readonly #cancelTimers = new Map<number, () => void>();
  #onStage: (event: StageEvent) => void = () => undefined;
  /** Where somebody listens. */
  #recorder: EventRecorder | undefined;
  #busy = false;

  constructor(options: {
    readonly scheduler: Scheduler;
    readonly backend: ClusterBackend;
    readonly clock: Clock;
    readonly timers: Timers;
    readonly code: StageCodeSource;
    /** Largest number of bytes of one job's results together; 0 is no limit. */
    readonly maxResultBytes: number;
    /** What the user should know. */
    readonly warn?: ((message: string) => void) | undefined;
  }) {
    this.#scheduler = options.scheduler;
    this.#backend = options.backend;
    this.#clock = options.clock;
    this.#timers = options.timers;
    this.#code = options.code;
    this.#maxResultBytes = options.maxResultBytes;
    this.#warn = options.warn ?? ((message) => process.emitWarning(message));
  }

  start(onStage: (event: StageEvent) => void = () => undefined): Promise<void> {
    this.#onStage = onStage;
    return this.#backend.start(
      (event) => this.post(event),
      (job, partition, bytes) => this.#admits(job, partition, bytes),
    );
  }

  /** Tells everything that happens from now on; nothing more where `onEvent` is left out. */
  listen(onEvent?: (event: SchedulingEvent) => void): void {
    this.#recorder = onEvent && new EventRecorder(onEvent);
  }

  submit(job: JobId, graph: JobGraph, properties: JobProperties, observer: JobObserver): void {
    const dependencies = graph.nodes.flatMap((node) => node.dependencies);
    const shuffles = dependencies.flatMap((dependency) => (dependency.kind === "shuffle" ? dependency.shuffle : []));
    this.#jobs.set(job, {
      observer,
      shuffles: new Set(shuffles),
      partitions: graph.partitions,
      sizes: new Map(),
      bytes: 0,
      failure: undefined,
    });
    this.post({ type: "jobSubmitted", job, graph, properties });
  }

  cancel(job: JobId, reason: string): void {
    if (this.#jobs.has(job)) this.post({ type: "jobCancelled", job, reason });
  }

  cancelStage(stage: StageId, reason: string): void {
    this.post({ type: "stageCancelled", stage, reason });
  }

  cancelAll(reason: string): void {
    for (const job of [...this.#jobs.keys()]) this.cancel(job, reason);
  }

  post(event: UntimedEvent): void {
    this.#queue.push({ ...event, time: this.#clock.now() });
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        const recorder = this.#recorder;
        recorder?.happens(next);
        for (const instruction of this.#scheduler.handle(next)) {
          recorder?.isDone(instruction);
          this.#carryOut(instruction);
        }
      }
    } finally {
      this.#busy = false;
    }
  }

  executors(): readonly ExecutorStatus[] {
    return this.#backend.executors();
  }

  work(): WorkStatus {
    return workStatus(this.#scheduler.state());
  }

  async stop(): Promise<void> {
    for (const cancel of this.#cancelTimers.values()) cancel();
    this.#cancelTimers.clear();
    await this.#backend.stop();
  }

  #carryOut(instruction: SchedulerInstruction): void {
    switch (instruction.type) {
      case "launchTask":
        return this.#backend.launch(this.#prepare(instruction.launch));
      case "killTask":
        return this.#backend.kill(instruction.task, instruction.executor, instruction.reason);
      case "grantCommit":
      case "denyCommit":
        return this.#backend.answerCommit(instruction.task, instruction.executor, instruction.type === "grantCommit");
      case "requestExecutors":
        return this.#backend.requestExecutors(instruction.slots);
      case "releaseExecutor":
        return this.#backend.releaseExecutor(instruction.executor);
      case "dropMapOutputs":
        return this.#backend.dropMapOutputs(instruction.outputs);
      case "forgetShuffle":
        return this.#backend.forgetShuffle(instruction.shuffle);
      case "dropCachedBlocks":
        return this.#backend.dropCachedBlocks(instruction.blocks);
      case "migrateBlocks":
        return this.#backend.migrateBlocks(instruction);
      case "replicateBlock":
        return this.#backend.replicateBlock(instruction);
      case "replicasMissing":
        return this.#warn(
          "a storage level asks for a copy on a second executor, and there is only one: blocks are kept once",
        );
      case "setTimer":
        return this.#setTimer(instruction.timer, instruction.at);
      case "partitionResult":
        return this.#takeResult(instruction.job, instruction.index, instruction.value as ReportedResult);
      case "accumulated":
        return this.#accumulated(instruction);
      case "jobFinished":
        return this.#end(instruction.job);
      case "jobFailed":
        return this.#end(instruction.job, instruction.failure);
      case "stageStarted":
      case "stageProgress":
      case "stageFinished":
        return this.#onStage(instruction);
      default:
        return instruction satisfies never;
    }
  }

  #prepare(launch: PreparedTask["launch"]): PreparedTask {
    let stage = this.#stages.get(launch.stage);
    if (stage === undefined) {
      stage = { kind: launch.stageKind, code: this.#code.codeOf(launch.stageKind) };
      this.#stages.set(launch.stage, stage);
    }
    return {
      launch,
      code: stage.code,
      shuffles: launch.shuffles.map((shuffle) => ({ shuffle, outputs: this.#scheduler.mapOutputs(shuffle) })),
    };
  }

  #setTimer(timer: number, at: number): void {
    this.#cancelTimers.get(timer)?.();
    const cancel = this.#timers.after(at - this.#clock.now(), () => {
      this.#cancelTimers.delete(timer);
      this.post({ type: "timerFired", timer });
    });
    this.#cancelTimers.set(timer, cancel);
  }

  #takeResult(id: JobId, index: number, value: ReportedResult): void {
    const job = this.#jobs.get(id);
    const partition = job?.partitions[index];
    if (job === undefined || partition === undefined) return;
    if (this.#admits(id, partition, value.bytes.byteLength)) job.observer.onResult(index, value);
  }

  /** Stages behind shuffles may be several jobs': one of them is told, and whoever counts does so once for all. */
  #accumulated({ kind, index, accumulators }: Extract<SchedulerInstruction, { type: "accumulated" }>): void {
    const updates = accumulators as Uint8Array;
    if (kind.kind === "result") {
      this.#jobs.get(kind.job)?.observer.onAccumulated({ kind: "result", index }, updates);
      return;
    }
    const { shuffle } = kind;
    for (const { observer, shuffles } of this.#jobs.values()) {
      if (!shuffles.has(shuffle)) continue;
      observer.onAccumulated({ kind: "shuffleMap", shuffle, index }, updates);
      return;
    }
  }

  /** Counts a result that is there or could be fetched; of a partition that is computed again the latest counts. */
  #admits(id: JobId, partition: number, bytes: number): boolean {
    const job = this.#jobs.get(id);
    if (job === undefined || job.failure !== undefined) return false;
    job.bytes += bytes - (job.sizes.get(partition) ?? 0);
    job.sizes.set(partition, bytes);
    const limit = this.#maxResultBytes;
    if (limit === 0 || job.bytes <= limit) return true;
    job.failure = { kind: "resultsTooLarge", bytes: job.bytes, limit };
    this.cancel(id, "its results are too large");
    return false;
  }

  #end(id: JobId, failure?: SchedulingFailure): void {
    const job = this.#jobs.get(id);
    if (job === undefined) return;
    this.#jobs.delete(id);
    const reason = job.failure ?? failure;
    if (reason === undefined) job.observer.onFinished();
    else job.observer.onFailed(reason, "stage" in reason ? this.#stages.get(reason.stage)?.kind : undefined);
    this.#forgetStages();
  }

  /** Drops the code of stages that no job can use any more: jobs share stages, also with those submitted later. */
  #forgetStages(): void {
    const forgotten: StageId[] = [];
    const jobs = [...this.#jobs.values()];
    for (const [stage, { kind }] of this.#stages) {
      const isUsed =
        kind.kind === "result" ? this.#jobs.has(kind.job) : jobs.some(({ shuffles }) => shuffles.has(kind.shuffle));
      if (isUsed) continue;
      this.#stages.delete(stage);
      forgotten.push(stage);
    }
    if (forgotten.length > 0) this.#backend.forgetStages(forgotten);
  }
}
