import { describeCallSite, GloamError, isGloamError, systemClock, type GloamEvent } from "@gloam/common";
import type {
  BroadcastBytes,
  BroadcastId,
  Driver,
  DriverTraffic,
  ExecutorStatus,
  JobInfo,
  JobRequest,
  NodeId,
  ShuffleId,
  StageInfo,
} from "@gloam/plan";
import type { JobId, StageId, StageKind } from "@gloam/scheduler";
import { jobError } from "./driver-error.ts";
import { cancelledError, EarlyJob, reasonOf } from "./early-job.ts";
import { EndedJobs } from "./ended-jobs.ts";
import { stageOperations, type StageOperation } from "./job-stages.ts";
import type { ProgressBars } from "./progress-bar.ts";
import { decodeResult } from "./reported-result.ts";
import { ResultPieces } from "./result-pieces.ts";
import { withResolvers } from "./resolvers.ts";
import type { SchedulingEvent } from "./scheduling-event.ts";
import type { JobObserver, Scheduling, StageEvent } from "./scheduling.ts";

/** What a driver is made of, whatever the cluster. */
export interface ClusterDriverOptions {
  readonly scheduling: Scheduling;
  readonly defaultParallelism: number;
  /** Shows how stages go on. */
  readonly bars?: ProgressBars | undefined;
  /** Called once the driver has stopped. */
  readonly onStopped?: (() => void) | undefined;
  /** Told when somebody begins to wait for executors or a job, the first of several, and when the last has done so. */
  readonly onBusy?: ((busy: boolean) => void) | undefined;
}

/** Runs jobs, whoever schedules them: knows the plans of those under way, and turns their ends into what promises say. */
export class ClusterDriver implements Driver {
  readonly defaultParallelism: number;
  readonly #scheduling: Scheduling;
  readonly #options: ClusterDriverOptions;
  /** Those under way. */
  readonly #jobs = new Map<JobId, JobRequest>();
  /** Those that are not submitted yet: they wait for the first executor. */
  readonly #early = new Map<JobId, EarlyJob>();
  readonly #ended = new EndedJobs();
  /** Where somebody listens. */
  #onEvent: ((event: GloamEvent) => void) | undefined;
  /** Executors start with the driver, while the program is still saying what they shall do. */
  readonly #started: Promise<void>;
  #stopped: Promise<void> | undefined;
  #abandoned = false;
  #nextJob = 1;
  /** Who waits for executors or jobs. */
  #waiting = 0;

  constructor(options: ClusterDriverOptions) {
    this.#options = options;
    this.defaultParallelism = options.defaultParallelism;
    this.#scheduling = options.scheduling;
    const { bars } = options;
    this.#started = this.#scheduling.start(bars && ((event) => this.#show(bars, event)));
    // Whoever needs them awaits them and is told.
    this.#started.catch(() => undefined);
  }

  async ready(): Promise<void> {
    this.#setBusy(1);
    try {
      await this.#untilStarted();
    } finally {
      this.#setBusy(-1);
    }
  }

  async runJob(request: JobRequest): Promise<void> {
    this.#refuseStopped(request);
    if (request.signal?.aborted === true)
      throw cancelledError(request, reasonOf(request.signal), request.signal.reason);
    if (request.partitions.length === 0) return;
    this.#scheduling.prepare?.(request);
    const job = this.#nextJob++;
    const early = new EarlyJob(request);
    this.#early.set(job, early);
    this.#setBusy(1);
    this.#tellStart(job, request);
    try {
      await this.#executorsFor(early);
      this.#refuseStopped(request);
      // No await between this and its submission: it can be cancelled at every time, here or there.
      early.end();
      this.#early.delete(job);
      await this.#run(job, request);
      this.#tellEnd(job, request);
    } catch (error) {
      early.close();
      this.#early.delete(job);
      this.#tellEnd(job, request, { error });
      throw error;
    } finally {
      this.#setBusy(-1);
    }
  }

  cancelJob(job: JobId, reason: string): void {
    this.#early.get(job)?.cancel(reason);
    if (this.#jobs.has(job)) this.#scheduling.cancel(job, reason);
  }

  cancelStage(stage: StageId, reason: string): void {
    if (this.#stopped === undefined) this.#scheduling.cancelStage(stage, reason);
  }

  cancelJobGroup(group: string, reason: string): void {
    for (const [job, { properties }] of this.#jobs) {
      if (properties.group === group) this.#scheduling.cancel(job, reason);
    }
    for (const early of this.#early.values()) if (early.request.properties.group === group) early.cancel(reason);
  }

  cancelAllJobs(reason: string): void {
    for (const early of this.#early.values()) early.cancel(reason);
    this.#scheduling.cancelAll(reason);
  }

  releaseShuffles(shuffles: readonly ShuffleId[]): void {
    if (this.#stopped === undefined) this.#scheduling.releaseShuffles(shuffles);
  }

  unpersist(nodes: readonly NodeId[]): void {
    if (this.#stopped === undefined) this.#scheduling.unpersist(nodes);
  }

  releaseNodes(nodes: readonly NodeId[]): void {
    if (this.#stopped === undefined) this.#scheduling.releaseNodes(nodes);
  }

  addBroadcast(broadcast: BroadcastId, bytes: BroadcastBytes): void {
    if (this.#stopped === undefined) this.#scheduling.addBroadcast(broadcast, bytes);
  }

  unpersistBroadcast(broadcast: BroadcastId): void {
    if (this.#stopped === undefined) this.#scheduling.unpersistBroadcast(broadcast);
  }

  releaseBroadcasts(broadcasts: readonly BroadcastId[]): void {
    if (this.#stopped === undefined) this.#scheduling.releaseBroadcasts(broadcasts);
  }

  async traffic(): Promise<DriverTraffic> {
    if (this.#stopped !== undefined) return { fetchedBytes: 0, servedBytes: 0 };
    return this.#busyWith(() => this.#scheduling.traffic());
  }

  async executors(): Promise<readonly ExecutorStatus[]> {
    if (this.#stopped !== undefined) return [];
    return this.#busyWith(() => this.#scheduling.executors());
  }

  async jobs(): Promise<readonly JobInfo[]> {
    if (this.#stopped !== undefined) return this.#ended.list();
    const work = await this.#busyWith(() => this.#scheduling.work());
    const stages = new Map(work.jobs.map((each) => [each.job, each.stages]));
    const early = [...this.#early].map(([job, { request }]) => [job, request] as const);
    const live = [...early, ...this.#jobs].map(([job, request]) =>
      jobInfo(job, request, "running", stages.get(job) ?? []),
    );
    return [...this.#ended.list(), ...live];
  }

  async stages(): Promise<readonly StageInfo[]> {
    if (this.#stopped !== undefined) return [];
    const { stages } = await this.#busyWith(() => this.#scheduling.work());
    return stages.map(({ stage, kind, node, attempt, jobs, tasks, running, finished, failed }) => ({
      ...{ stage, attempt, jobs, tasks },
      ...this.#nameOf(kind, node),
      ...{ activeTasks: running, completedTasks: finished, failedTasks: failed },
    }));
  }

  listen(onEvent?: (event: GloamEvent) => void): void {
    this.#onEvent = onEvent;
    if (this.#stopped !== undefined) return;
    this.#scheduling.listen(onEvent && ((event) => onEvent(this.#named(event))));
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  /** Frees everything as `stop` does, but never settles the promises of running jobs: for a process that is ending. */
  abandon(): Promise<void> {
    this.#abandoned ||= this.#stopped === undefined;
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    if (!this.#abandoned) this.#scheduling.cancelAll("the context was stopped");
    this.#options.bars?.clear();
    // Threads that are still starting are ended too.
    await this.#scheduling.stop();
    await this.#started.catch(() => undefined);
    this.#options.onStopped?.();
  }

  #show(bars: ProgressBars, event: StageEvent): void {
    switch (event.type) {
      case "stageStarted": {
        const { operation, callSite } = this.#nameOf(event.kind, event.node);
        const label = callSite === undefined ? operation : `${operation} (${describeCallSite(callSite)})`;
        return bars.started(event.stage, label, event.tasks);
      }
      case "stageProgress":
        return bars.progressed(event.stage, event.finished, event.running, event.tasks);
      case "stageFinished":
        return bars.finished(event.stage);
    }
  }

  /** What a stage that computes this node is called. */
  #nameOf(kind: StageKind, node: NodeId): StageOperation {
    const { operation, callSite } = this.#operationOf(kind, node) ?? { operation: "stage", callSite: undefined };
    return { operation, callSite };
  }

  #operationOf(kind: StageKind, node: NodeId): StageOperation | undefined {
    if (kind.kind === "result") return this.#jobs.get(kind.job);
    for (const { nodes } of this.#jobs.values()) {
      const found = nodes.get(node);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #named(event: SchedulingEvent): GloamEvent {
    if (event.type !== "stageSubmitted") return event;
    const { kind, node, ...rest } = event;
    return { ...rest, kind: kind.kind, rdd: node, ...this.#nameOf(kind, node) };
  }

  #tellStart(job: JobId, { operation, callSite, partitions, properties }: JobRequest): void {
    const { group, pool, description, local = {} } = properties;
    this.#onEvent?.({
      ...{ type: "jobStart", time: systemClock.now(), job, operation, callSite, partitions: partitions.length },
      ...{ group, pool, description, properties: local },
    });
  }

  #tellEnd(job: JobId, request: JobRequest, failed?: { readonly error: unknown }): void {
    const outcome = failed === undefined ? "succeeded" : "failed";
    this.#ended.add(jobInfo(job, request, outcome, []));
    if (this.#onEvent === undefined) return;
    const end = { type: "jobEnd", time: systemClock.now(), job, outcome } as const;
    this.#onEvent(failed === undefined ? end : { ...end, error: summaryOf(failed.error) });
  }

  async #busyWith<R>(action: () => Promise<R>): Promise<R> {
    this.#setBusy(1);
    try {
      return await action();
    } finally {
      this.#setBusy(-1);
    }
  }

  #refuseStopped({ operation, callSite }: JobRequest): void {
    if (this.#stopped === undefined) return;
    throw new GloamError("GLOAM_CONTEXT_STOPPED", `cannot run ${operation}: the context has been stopped`, {
      callSite,
    });
  }

  /**
   * Waits for the first executor. Of one that is abandoned meanwhile nobody hears: an error that nobody catches would end the process before
   * all is given back.
   */
  async #untilStarted(): Promise<void> {
    try {
      await this.#started;
    } catch (error) {
      if (this.#abandoned) await new Promise(() => undefined);
      throw error;
    }
  }

  /** Waits until there are executors: a cluster that has none free may take its time, in which a job can be cancelled all the same. */
  async #executorsFor(early: EarlyJob): Promise<void> {
    try {
      await early.waitFor(this.#untilStarted());
    } catch (error) {
      // Threads that were ended while they started are no failure of theirs.
      this.#refuseStopped(early.request);
      throw error;
    }
  }

  #run(job: JobId, request: JobRequest): Promise<void> {
    const { signal } = request;
    const { promise, resolve, reject } = withResolvers();
    let broken: { readonly error: unknown } | undefined;
    const abort = (): void => this.#scheduling.cancel(job, reasonOf(signal));
    const end = (settle: () => void): void => {
      signal?.removeEventListener("abort", abort);
      this.#jobs.delete(job);
      if (this.#abandoned) return;
      if (broken === undefined) settle();
      else reject(broken.error);
    };
    this.#jobs.set(job, request);
    signal?.addEventListener("abort", abort, { once: true });
    const attempt = (action: () => void): void => {
      try {
        action();
      } catch (error) {
        if (broken !== undefined) return;
        broken = { error };
        this.#scheduling.cancel(job, "its caller threw");
      }
    };
    const { joinPieces } = request;
    const pieces = joinPieces && new ResultPieces(joinPieces);
    const observer: JobObserver = {
      onResult: (index, reported, piece) => {
        if (broken !== undefined) return;
        attempt(() => {
          const value = decodeResult(reported);
          const whole = pieces === undefined || piece === undefined ? { value } : pieces.add(index, piece, value);
          if (whole !== undefined) request.onResult(index, whole.value);
        });
      },
      // Also when the job is to fail: other jobs may use the stage that it is of.
      onAccumulated: (source, updates) => attempt(() => request.onAccumulated?.(source, updates)),
      onFinished: () => end(resolve),
      onFailed: (failure, stage) => {
        // Nobody will say any more how stages go on.
        if (failure.kind === "brokenDown") this.#options.bars?.clear();
        end(() => reject(jobError(failure, stage && stageOperations(request, stage), request)));
      },
    };
    try {
      this.#scheduling.submit(job, request, observer);
    } catch (error) {
      end(() => reject(error));
    }
    return promise;
  }

  #setBusy(change: 1 | -1): void {
    const before = this.#waiting;
    this.#waiting += change;
    if (before === 0 || this.#waiting === 0) this.#options.onBusy?.(this.#waiting > 0);
  }
}

function jobInfo(
  job: JobId,
  { operation, callSite, properties }: JobRequest,
  status: JobInfo["status"],
  stages: readonly StageId[],
): JobInfo {
  const { group, description } = properties;
  return { job, status, stages, operation, callSite, group, description };
}

function summaryOf(error: unknown): { readonly code: string; readonly message: string } {
  const message = error instanceof Error ? error.message : String(error);
  return { code: isGloamError(error) ? error.code : "", message };
}
