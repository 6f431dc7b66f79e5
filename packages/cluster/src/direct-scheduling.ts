import { GloamError, type Clock } from "@gloam/common";
import type {
  BroadcastBytes,
  BroadcastId,
  DriverTraffic,
  ExecutorStatus,
  JobRequest,
  NodeId,
  ShuffleId,
} from "@gloam/plan";
import {
  createScheduler,
  type ClusterBackend,
  type JobId,
  type SchedulerOptions,
  type StageCode,
  type StageId,
  type StageKind,
  type WorkStatus,
} from "@gloam/scheduler";
import { stageCode, stageOf } from "./job-stages.ts";
import { SchedulerHost } from "./scheduler-host.ts";
import type { SchedulingEvent } from "./scheduling-event.ts";
import type { JobObserver, Scheduling, StageEvent } from "./scheduling.ts";
import type { Timers } from "@gloam/common";

/** What scheduling on the driver's own thread is made of. */
export interface DirectSchedulingOptions {
  readonly backend: ClusterBackend;
  readonly scheduler: SchedulerOptions;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Largest number of bytes of one job's results together; 0 is no limit. */
  readonly maxResultBytes: number;
}

/** Schedules on the thread of the driver, which therefore must not compute for long: nothing goes on meanwhile. */
export class DirectScheduling implements Scheduling {
  readonly #backend: ClusterBackend;
  readonly #host: SchedulerHost;
  /** Of the jobs under way, in the order of their submission. */
  readonly #requests = new Map<JobId, JobRequest>();

  constructor({ scheduler, ...options }: DirectSchedulingOptions) {
    this.#backend = options.backend;
    this.#host = new SchedulerHost({
      ...options,
      scheduler: createScheduler(scheduler),
      code: { codeOf: (kind) => this.#codeOf(kind) },
    });
  }

  start(onStage?: (event: StageEvent) => void): Promise<void> {
    return this.#host.start(onStage);
  }

  executors(): Promise<readonly ExecutorStatus[]> {
    return Promise.resolve(this.#host.executors());
  }

  work(): Promise<WorkStatus> {
    return Promise.resolve(this.#host.work());
  }

  listen(onEvent?: (event: SchedulingEvent) => void): void {
    this.#host.listen(onEvent);
  }

  submit(job: JobId, request: JobRequest, observer: JobObserver): void {
    this.#requests.set(job, request);
    this.#host.submit(job, request.lineage, request.properties, {
      onResult: (index, value) => observer.onResult(index, value),
      onAccumulated: (source, updates) => observer.onAccumulated(source, updates),
      onFinished: () => {
        this.#requests.delete(job);
        observer.onFinished();
      },
      onFailed: (failure, stage) => {
        this.#requests.delete(job);
        observer.onFailed(failure, stage);
      },
    });
  }

  cancel(job: JobId, reason: string): void {
    this.#host.cancel(job, reason);
  }

  cancelStage(stage: StageId, reason: string): void {
    this.#host.cancelStage(stage, reason);
  }

  cancelAll(reason: string): void {
    this.#host.cancelAll(reason);
  }

  releaseShuffles(shuffles: readonly ShuffleId[]): void {
    this.#host.post({ type: "shufflesReleased", shuffles });
  }

  unpersist(nodes: readonly NodeId[]): void {
    this.#host.post({ type: "nodesUnpersisted", nodes });
  }

  /** Nodes are kept by the requests of running jobs alone. */
  releaseNodes(): void {}

  addBroadcast(broadcast: BroadcastId, bytes: BroadcastBytes): void {
    this.#backend.addBroadcast(broadcast, bytes);
  }

  unpersistBroadcast(broadcast: BroadcastId): void {
    this.#backend.unpersistBroadcast(broadcast);
  }

  releaseBroadcasts(broadcasts: readonly BroadcastId[]): void {
    this.#backend.releaseBroadcasts(broadcasts);
  }

  traffic(): Promise<DriverTraffic> {
    return Promise.resolve(this.#backend.traffic());
  }

  stop(): Promise<void> {
    return this.#host.stop();
  }

  #codeOf(kind: StageKind): StageCode {
    for (const [job, request] of this.#requests) {
      if (kind.kind === "result" && kind.job !== job) continue;
      const stage = stageOf(request, kind);
      if (stage !== undefined) return stageCode(stage, request.levelOf);
    }
    throw new GloamError("GLOAM_INTERNAL", `no plan for the stage of ${JSON.stringify(kind)}`);
  }
}
