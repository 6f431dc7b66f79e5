import type { Clock, Timers } from "@gloam/common";
import type {
  ClusterBackend,
  JobFailure,
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
} from "@gloam/scheduler";
import type { NodeId, ShuffleId } from "@gloam/plan";

/** What becomes of a job, as seen by who submitted it. */
export interface JobObserver {
  /** A partition's result, once, as soon as it is there; `index` into the partitions asked for. */
  onResult(index: number, value: unknown): void;
  onFinished(): void;
  onFailed(failure: JobFailure): void;
}

/** Where stages get their code from. */
export interface StageCodeSource {
  codeOf(kind: StageKind, node: NodeId): StageCode;
}

/** A job under way. */
interface HostedJob {
  readonly observer: JobObserver;
  /** Shuffles in its lineage: it may use the stages that compute them. */
  readonly shuffles: ReadonlySet<ShuffleId>;
}

/** Stage events for progress bars, logs and user interfaces. */
export type StageEvent = Extract<SchedulerInstruction, { type: "stageStarted" | "stageProgress" | "stageFinished" }>;

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
  readonly #onStage: (event: StageEvent) => void;
  readonly #jobs = new Map<JobId, HostedJob>();
  readonly #queue: SchedulerEvent[] = [];
  readonly #stages = new Map<StageId, { readonly code: StageCode; readonly kind: StageKind }>();
  readonly #cancelTimers = new Map<number, () => void>();
  #busy = false;
  #nextJob = 1;

  constructor(options: {
    readonly scheduler: Scheduler;
    readonly backend: ClusterBackend;
    readonly clock: Clock;
    readonly timers: Timers;
    readonly code: StageCodeSource;
    readonly onStage: (event: StageEvent) => void;
  }) {
    this.#scheduler = options.scheduler;
    this.#backend = options.backend;
    this.#clock = options.clock;
    this.#timers = options.timers;
    this.#code = options.code;
    this.#onStage = options.onStage;
  }

  start(): Promise<void> {
    return this.#backend.start((event) => this.post(event));
  }

  /** Number of jobs under way. */
  get jobs(): number {
    return this.#jobs.size;
  }

  nextJobId(): JobId {
    return this.#nextJob++;
  }

  submit(job: JobId, graph: JobGraph, properties: JobProperties, observer: JobObserver): void {
    const dependencies = graph.nodes.flatMap((node) => node.dependencies);
    const shuffles = dependencies.flatMap((dependency) => (dependency.kind === "shuffle" ? dependency.shuffle : []));
    this.#jobs.set(job, { observer, shuffles: new Set(shuffles) });
    this.post({ type: "jobSubmitted", job, graph, properties });
  }

  cancel(job: JobId, reason: string): void {
    if (this.#jobs.has(job)) this.post({ type: "jobCancelled", job, reason });
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
        for (const instruction of this.#scheduler.handle(next)) this.#carryOut(instruction);
      }
    } finally {
      this.#busy = false;
    }
  }

  /** A stage's code while one of its jobs is under way. */
  codeOf(stage: StageId): StageCode | undefined {
    return this.#stages.get(stage)?.code;
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
        return this.#backend.dropMapOutputs(instruction.shuffle, instruction.outputs);
      case "forgetShuffle":
        return this.#backend.forgetShuffle(instruction.shuffle);
      case "dropCachedBlocks":
        return this.#backend.dropCachedBlocks(instruction.blocks);
      case "migrateBlocks":
        return this.#backend.migrateBlocks(instruction);
      case "setTimer":
        return this.#setTimer(instruction.timer, instruction.at);
      case "partitionResult":
        return this.#jobs.get(instruction.job)?.observer.onResult(instruction.index, instruction.value);
      case "jobFinished":
        return this.#end(instruction.job, (observer) => observer.onFinished());
      case "jobFailed":
        return this.#end(instruction.job, (observer) => observer.onFailed(instruction.failure));
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
      stage = { code: this.#code.codeOf(launch.stageKind, launch.node), kind: launch.stageKind };
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

  #end(job: JobId, tell: (observer: JobObserver) => void): void {
    const ended = this.#jobs.get(job);
    if (ended === undefined) return;
    this.#jobs.delete(job);
    tell(ended.observer);
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
