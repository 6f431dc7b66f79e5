import { inspect } from "node:util";
import { describeCallSite, GloamError, type Clock, type Timers } from "@gloam/common";
import type { Driver, JobRequest } from "@gloam/plan";
import { createScheduler, type ClusterBackend, type JobId, type SchedulerOptions } from "@gloam/scheduler";
import { jobError } from "./driver-error.ts";
import type { ProgressBars } from "./progress-bar.ts";
import { SchedulerHost, type StageEvent } from "./scheduler-host.ts";
import { StageCatalog, type NamedStageCode } from "./stage-catalog.ts";

/** What a driver is made of, whatever the cluster. */
export interface ClusterDriverOptions {
  readonly backend: ClusterBackend;
  readonly scheduler: SchedulerOptions;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly defaultParallelism: number;
  /** Shows how stages go on. */
  readonly bars?: ProgressBars | undefined;
  /** Called once the driver has stopped. */
  readonly onStopped?: (() => void) | undefined;
  /** Told when somebody begins to wait for executors or a job, the first of several, and when the last has done so. */
  readonly onBusy?: ((busy: boolean) => void) | undefined;
  /** Decodes what `onResult` gets from what the backend reports. */
  readonly decodeResult: (value: unknown) => unknown;
  /** Bytes of a result as the backend reports it. */
  readonly resultBytes: (value: unknown) => number;
  /** Largest number of bytes of one job's results together; 0 is no limit. */
  readonly maxResultBytes: number;
}

/** Runs jobs on a backend: the scheduler's host, the plans of the jobs under way, and their ends. */
export class ClusterDriver implements Driver {
  readonly defaultParallelism: number;
  readonly #host: SchedulerHost;
  readonly #catalog = new StageCatalog();
  readonly #options: ClusterDriverOptions;
  readonly #groups = new Map<JobId, string>();
  /** Executors start with the driver, while the program is still saying what they shall do. */
  readonly #started: Promise<void>;
  #stopped: Promise<void> | undefined;

  constructor(options: ClusterDriverOptions) {
    this.#options = options;
    this.defaultParallelism = options.defaultParallelism;
    this.#host = new SchedulerHost({
      scheduler: createScheduler(options.scheduler),
      backend: options.backend,
      clock: options.clock,
      timers: options.timers,
      code: this.#catalog,
      onStage: (event) => this.#show(event),
    });
    this.#started = this.#host.start();
    // Whoever needs them awaits them and is told.
    this.#started.catch(() => undefined);
  }

  async ready(): Promise<void> {
    this.#setBusy(1);
    try {
      await this.#started;
    } finally {
      this.#setBusy(-1);
    }
  }

  async runJob(request: JobRequest): Promise<void> {
    this.#refuseStopped(request);
    if (request.signal?.aborted === true) throw cancelled(request, request.signal);
    if (request.partitions.length === 0) return;
    this.#setBusy(1);
    try {
      await this.#started.catch((error: unknown) => {
        // Threads that were ended while they started are no failure of theirs.
        this.#refuseStopped(request);
        throw error;
      });
      this.#refuseStopped(request);
      await this.#run(request);
    } finally {
      this.#setBusy(-1);
    }
  }

  cancelJobGroup(group: string, reason: string): void {
    for (const [job, of] of this.#groups) {
      if (of === group) this.#host.cancel(job, reason);
    }
  }

  cancelAllJobs(reason: string): void {
    this.#host.cancelAll(reason);
  }

  releaseShuffles(shuffles: readonly number[]): void {
    if (this.#stopped === undefined) this.#host.post({ type: "shufflesReleased", shuffles });
  }

  unpersist(nodes: readonly number[]): void {
    if (this.#stopped === undefined) this.#host.post({ type: "nodesUnpersisted", nodes });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  /** Frees everything as `stop` does, but never settles the promises of running jobs: for a process that is ending. */
  abandon(): Promise<void> {
    this.#stopped ??= this.#end(false);
    return this.#stopped;
  }

  async #end(tellJobs = true): Promise<void> {
    if (tellJobs) this.#host.cancelAll("the context was stopped");
    this.#options.bars?.clear();
    // Threads that are still starting are ended too.
    await this.#host.stop();
    await this.#started.catch(() => undefined);
    this.#options.onStopped?.();
  }

  #show(event: StageEvent): void {
    const { bars } = this.#options;
    if (bars === undefined) return;
    switch (event.type) {
      case "stageStarted": {
        const { operation, callSite } = this.#catalog.operationOf(event.kind, event.node) ?? { operation: "stage" };
        const label = callSite === undefined ? operation : `${operation} (${describeCallSite(callSite)})`;
        return bars.started(event.stage, label, event.tasks);
      }
      case "stageProgress":
        return bars.progressed(event.stage, event.finished, event.running, event.tasks);
      case "stageFinished":
        return bars.finished(event.stage);
    }
  }

  #refuseStopped({ operation, callSite }: JobRequest): void {
    if (this.#stopped === undefined) return;
    throw new GloamError("GLOAM_CONTEXT_STOPPED", `cannot run ${operation}: the context has been stopped`, {
      callSite,
    });
  }

  #run(request: JobRequest): Promise<void> {
    const job = this.#host.nextJobId();
    const { signal, properties } = request;
    const { promise, resolve, reject } = withResolvers();
    const { maxResultBytes, resultBytes, decodeResult } = this.#options;
    let broken: { readonly error: unknown } | undefined;
    let bytes = 0;
    const abort = (): void => this.#host.cancel(job, reasonOf(signal));
    const end = (): void => {
      signal?.removeEventListener("abort", abort);
      this.#catalog.remove(job);
      this.#groups.delete(job);
    };
    this.#catalog.add(job, request);
    if (properties.group !== undefined) this.#groups.set(job, properties.group);
    signal?.addEventListener("abort", abort, { once: true });
    this.#host.submit(job, request.lineage, properties, {
      onResult: (index, value) => {
        if (broken !== undefined) return;
        try {
          bytes += resultBytes(value);
          if (maxResultBytes > 0 && bytes > maxResultBytes) throw tooLarge(request, bytes, maxResultBytes);
          request.onResult(index, decodeResult(value));
        } catch (error) {
          broken = { error };
          this.#host.cancel(job, "its caller threw");
        }
      },
      onFinished: () => {
        end();
        if (broken === undefined) resolve();
        else reject(broken.error);
      },
      onFailed: (failure) => {
        end();
        const code = "stage" in failure ? (this.#host.codeOf(failure.stage) as NamedStageCode | undefined) : undefined;
        reject(broken === undefined ? jobError(failure, code?.operations, request) : broken.error);
      },
    });
    return promise;
  }

  #jobs = 0;

  #setBusy(change: 1 | -1): void {
    const before = this.#jobs;
    this.#jobs += change;
    if (before === 0 || this.#jobs === 0) this.#options.onBusy?.(this.#jobs > 0);
  }
}

function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } {
  let resolve!: () => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

function tooLarge({ operation, callSite }: JobRequest, bytes: number, limit: number): GloamError {
  return new GloamError(
    "GLOAM_RESULT_TOO_LARGE",
    `the results so far have ${bytes} bytes, more than the ${limit} of driver.maxResultSize`,
    { operation, callSite },
  );
}

function reasonOf(signal: AbortSignal | undefined): string {
  const reason: unknown = signal?.reason;
  if (reason === undefined) return "its signal was aborted";
  if (reason instanceof Error) return reason.message;
  return typeof reason === "string" ? reason : inspect(reason);
}

function cancelled(request: JobRequest, signal: AbortSignal): GloamError {
  return new GloamError("GLOAM_JOB_CANCELLED", `${request.operation} was cancelled: ${reasonOf(signal)}`, {
    callSite: request.callSite,
    cause: signal.reason,
  });
}
