import { deserializeError, GloamError } from "@gloam/common";
import type {
  BroadcastBytes,
  BroadcastId,
  DriverTraffic,
  ExecutorStatus,
  JobRequest,
  NodeId,
  ShuffleId,
} from "@gloam/plan";
import type { JobId, SchedulerOptions, StageId, WorkStatus } from "@gloam/scheduler";
import { Worker } from "node:worker_threads";
import { withResolvers } from "../resolvers.ts";
import type { SchedulingEvent } from "../scheduling-event.ts";
import type { JobObserver, Scheduling, SchedulingFailure, StageEvent } from "../scheduling.ts";
import type { BackendModule } from "./backend-module.ts";
import { SentPlans, type GatherModules } from "./sent-plans.ts";
import type { FromSchedulingThread, SchedulingThreadData, ToSchedulingThread } from "./thread-messages.ts";

/** What scheduling in a thread of its own is made of. */
export interface ThreadedSchedulingOptions {
  readonly backend: BackendModule;
  readonly scheduler: SchedulerOptions;
  /** Largest number of bytes of one job's results together; 0 is no limit. */
  readonly maxResultBytes: number;
  /** Where executors get the user's modules from their driver: what they get. */
  readonly gatherModules?: GatherModules | undefined;
}

const noWork: WorkStatus = { jobs: [], stages: [] };
/** What the thread says of the executors, and of what the driver exchanges with them. */
interface ClusterStatus {
  readonly executors: readonly ExecutorStatus[];
  readonly traffic: DriverTraffic;
}

const nothing: ClusterStatus = { executors: [], traffic: { fetchedBytes: 0, servedBytes: 0 } };

/**
 * Schedules in a thread of its own, so that the user's program may compute for minutes while executors are answered. The
 * thread never asks: what it may need of a job comes with the job. Results and ends wait until the program lets go of its
 * thread; cancelling needs the same.
 */
export class ThreadedScheduling implements Scheduling {
  readonly #options: ThreadedSchedulingOptions;
  readonly #plans: SentPlans;
  readonly #jobs = new Map<JobId, JobObserver>();
  /** Who waits to be told of executors, in the order of asking. */
  readonly #asking: ((status: ClusterStatus) => void)[] = [];
  /** Likewise of jobs and stages. */
  readonly #askingForWork: ((work: WorkStatus) => void)[] = [];
  #onEvent: ((event: SchedulingEvent) => void) | undefined;
  #onStage: (event: StageEvent) => void = () => undefined;
  /** While the thread runs. */
  #worker: Worker | undefined;
  #referenced = false;
  #isStopping = false;
  /** Set when the thread has ended though nobody stopped it. */
  #broken: SchedulingFailure | undefined;
  readonly #started = withResolvers();
  readonly #stopped = withResolvers();

  constructor(options: ThreadedSchedulingOptions) {
    this.#options = options;
    this.#plans = new SentPlans(options.gatherModules);
  }

  start(onStage?: (event: StageEvent) => void): Promise<void> {
    if (onStage !== undefined) this.#onStage = onStage;
    const { backend, scheduler, maxResultBytes } = this.#options;
    const data: SchedulingThreadData = { backend, scheduler, maxResultBytes, stagesShown: onStage !== undefined };
    const worker = new Worker(new URL(import.meta.resolve("@gloam/cluster/scheduling-thread")), {
      workerData: data,
      // The driver's own loaders (tsx, vitest) stay out: no code of the user's runs there.
      execArgv: [],
      name: "gloam scheduling",
    });
    this.#worker = worker;
    let thrown: unknown;
    worker.on("message", (message: FromSchedulingThread) => {
      if (this.#worker === worker) this.#receive(message);
    });
    worker.on("error", (error: unknown) => (thrown = error));
    worker.on("messageerror", (error: unknown) => {
      thrown = error;
      void worker.terminate();
    });
    worker.on("exit", (code) => {
      if (this.#worker === worker) this.#breakDown(thrown ?? new Error(`it exited with code ${code}`));
    });
    // Listening to messages has referenced it.
    if (!this.#referenced) worker.unref();
    return this.#started.promise;
  }

  /** Whether the thread keeps the process alive: it does while somebody waits for it, and until it has stopped. */
  reference(alive: boolean): void {
    // Those who waited for executors or jobs are told while it stops, and wait no more.
    if (this.#isStopping && !alive) return;
    this.#referenced = alive;
    if (alive) this.#worker?.ref();
    else this.#worker?.unref();
  }

  async executors(): Promise<readonly ExecutorStatus[]> {
    return (await this.#status()).executors;
  }

  async traffic(): Promise<DriverTraffic> {
    return (await this.#status()).traffic;
  }

  addBroadcast(broadcast: BroadcastId, bytes: BroadcastBytes): void {
    this.#send({ type: "addBroadcast", broadcast, bytes });
  }

  unpersistBroadcast(broadcast: BroadcastId): void {
    this.#send({ type: "unpersistBroadcast", broadcast });
  }

  releaseBroadcasts(broadcasts: readonly BroadcastId[]): void {
    this.#send({ type: "releaseBroadcasts", broadcasts });
  }

  work(): Promise<WorkStatus> {
    if (this.#worker === undefined) return Promise.resolve(noWork);
    this.#send({ type: "askWork" });
    return new Promise((resolve) => this.#askingForWork.push(resolve));
  }

  listen(onEvent?: (event: SchedulingEvent) => void): void {
    this.#onEvent = onEvent;
    this.#send({ type: "listen", listens: onEvent !== undefined });
  }

  prepare(request: JobRequest): void {
    this.#plans.prepare(request);
  }

  submit(job: JobId, request: JobRequest, observer: JobObserver): void {
    if (this.#broken !== undefined) return observer.onFailed(this.#broken, undefined);
    this.#plans.send(request, (plan) => {
      const code = [plan.result, ...plan.stages.map(([, stage]) => stage)].map(({ bytes }) => bytes.buffer);
      this.#send({ type: "submit", job, plan, properties: request.properties }, code);
    });
    this.#jobs.set(job, observer);
  }

  cancel(job: JobId, reason: string): void {
    if (this.#jobs.has(job)) this.#send({ type: "cancel", job, reason });
  }

  cancelStage(stage: StageId, reason: string): void {
    this.#send({ type: "cancelStage", stage, reason });
  }

  cancelAll(reason: string): void {
    this.#send({ type: "cancelAll", reason });
  }

  releaseShuffles(shuffles: readonly ShuffleId[]): void {
    this.#plans.forgetShuffles(shuffles);
    this.#send({ type: "releaseShuffles", shuffles });
  }

  unpersist(nodes: readonly NodeId[]): void {
    this.#send({ type: "unpersist", nodes });
  }

  releaseNodes(nodes: readonly NodeId[]): void {
    const known = this.#plans.forgetNodes(nodes);
    if (known.length > 0) this.#send({ type: "releaseNodes", nodes: known });
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    // Idle, the thread doesn't keep the process alive; the end of the program waits for this all the same.
    this.reference(true);
    this.#isStopping = true;
    try {
      this.#send({ type: "stop" });
      await this.#stopped.promise;
    } finally {
      this.#worker = undefined;
      this.#tellNone();
      await worker.terminate();
      const told = "the context was stopped before its executors were there";
      this.#started.reject(new GloamError("GLOAM_CONTEXT_STOPPED", told));
    }
  }

  #status(): Promise<ClusterStatus> {
    if (this.#worker === undefined) return Promise.resolve(nothing);
    this.#send({ type: "askExecutors" });
    return new Promise((resolve) => this.#asking.push(resolve));
  }

  #send(message: ToSchedulingThread, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker?.postMessage(message, transfer);
  }

  #receive(message: FromSchedulingThread): void {
    switch (message.type) {
      case "started":
        return this.#started.resolve();
      case "startFailed":
        return this.#started.reject(deserializeError(message.error));
      case "result":
        return this.#jobs.get(message.job)?.onResult(message.index, message.value);
      case "accumulated":
        return this.#jobs.get(message.job)?.onAccumulated(message.source, message.updates);
      case "finished":
        return this.#take(message.job)?.onFinished();
      case "failed":
        return this.#take(message.job)?.onFailed(message.failure, message.stage);
      case "executors":
        return this.#asking.shift()?.(message);
      case "work":
        return this.#askingForWork.shift()?.(message.work);
      case "events":
        for (const event of message.events) this.#onEvent?.(event);
        return undefined;
      case "stages":
        this.#send({ type: "stagesSeen" });
        return message.events.forEach(this.#onStage);
      case "stopped":
        return message.error === undefined
          ? this.#stopped.resolve()
          : this.#stopped.reject(deserializeError(message.error));
      default:
        return message satisfies never;
    }
  }

  /** The observer of a job that has ended. */
  #take(job: JobId): JobObserver | undefined {
    const observer = this.#jobs.get(job);
    this.#jobs.delete(job);
    return observer;
  }

  /** Whoever waits to be told of executors or work: there are none any more. */
  #tellNone(): void {
    for (const tell of this.#askingForWork.splice(0)) tell(noWork);
    for (const tell of this.#asking.splice(0)) tell(nothing);
  }

  /** The thread has ended by itself. */
  #breakDown(error: unknown): void {
    this.#worker = undefined;
    const failure: SchedulingFailure = { kind: "brokenDown", error };
    this.#broken = failure;
    this.#tellNone();
    const told = error instanceof Error ? error.message : String(error);
    this.#started.reject(new GloamError("GLOAM_INTERNAL", `the scheduling thread ended: ${told}`, { cause: error }));
    for (const job of [...this.#jobs.keys()]) this.#take(job)?.onFailed(failure, undefined);
    // Nothing is left to stop.
    this.#stopped.resolve();
  }
}
