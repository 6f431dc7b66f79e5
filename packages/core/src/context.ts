import { createDriver } from "@gloam/cluster";
import { transferSymbol, type Transfer } from "@gloam/closure";
import {
  captureCallSite,
  type Configuration,
  createIdentifier,
  createLogger,
  createRandom,
  createSequence,
  GloamError,
  loadConfiguration,
  systemClock,
  systemTimers,
  type GloamEvent,
  type Logger,
  type Random,
} from "@gloam/common";
import { localOutputPath } from "@gloam/io";
import {
  isExecutorThread,
  OperationNode,
  type AddedFile,
  type Driver,
  type LevelOf,
  type NodeId,
  type PlanIds,
  type PlanNode,
  type SourceParts,
  type StorageLevel,
} from "@gloam/plan";
import { randomInt } from "node:crypto";
import { Accumulators } from "./accumulators/accumulators.ts";
import { checkPath } from "./arguments.ts";
import { Checkpoints } from "./checkpoints.ts";
import { EventLog } from "./context/event-log.ts";
import { Listeners, type GloamListener } from "./context/listeners.ts";
import { LocalProperties } from "./context/local-properties.ts";
import { prepareFirstJob } from "./context/prepare-first-job.ts";
import { Broadcasts } from "./broadcasts/broadcasts.ts";
import { GarbagePressure } from "./garbage-pressure.ts";
import { JobRunner } from "./job-runner.ts";
import { Lifetimes } from "./lifetimes.ts";
import { Operation } from "./operation.ts";
import { raiseFor } from "./raise-for.ts";
import { StatusTracker } from "./status-tracker.ts";
import { gloamVersion } from "./version.ts";

/** How a context is set up. What is left out comes from the command line, the environment, the file, the default. */
export interface GloamContextOptions {
  /** Where to run: `local[N]` uses N threads of this process, `local[*]` one for each processor. */
  readonly master?: string | undefined;
  /** Name of the application in messages. */
  readonly appName?: string | undefined;
  /** Any configuration key. */
  readonly conf?: Readonly<Record<string, unknown>> | undefined;
  /** Get every event from the start, as those of `addListener` do from then on. */
  readonly listeners?: readonly GloamListener[] | undefined;
  /** @internal Makes the driver, instead of that of `master`: one with faults, for tests. */
  readonly createDriver?: ((configuration: Configuration) => Driver) | undefined;
}

/**
 * Said here and not by `implements`: TypeScript does not always see a method with a symbol for its name in a class that has methods
 * in several files.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging, typescript/no-empty-object-type -- see above
export interface GloamContext extends AsyncDisposable {}

/**
 * The way into Gloam: makes RDDs and runs their jobs. A process may have several. Its threads start at once, while the program
 * goes on. `await using` or `stop()` frees threads and files; until then a context without running jobs does not keep the
 * process alive.
 *
 * @example
 * await using gc = new GloamContext({ master: "local[2]" });
 * await gc.range(5).sum(); // 10
 */
export class GloamContext {
  readonly configuration: Configuration;
  /** Names this run of the program in events and logs: no other is likely to have it. */
  readonly applicationId: string;
  /** @internal Who listens to events. */
  readonly listeners: Listeners;
  /** @internal Properties of the current asynchronous context. */
  readonly localProperties = new LocalProperties();
  /** @internal Files for functions on executors, by name. */
  readonly addedFiles = new Map<string, AddedFile>();
  /** @internal Names that RDDs were given. */
  readonly names = new Map<NodeId, string>();
  /** @internal Identities of nodes and shuffles. */
  readonly ids: PlanIds = { nextNode: createSequence(1), nextShuffle: createSequence(1) };
  /** @internal Who needs which node. */
  readonly lifetimes: Lifetimes;
  /** @internal Runs the jobs of actions. */
  readonly jobs: JobRunner;
  /** @internal Values that executors get once. */
  readonly broadcasts: Broadcasts;
  /** @internal What tasks add to. */
  readonly accumulators = new Accumulators();
  /** @internal Nodes whose partitions are kept, and how. */
  readonly persisted = new Map<NodeId, StorageLevel>();
  /** @internal What is written after jobs, and was. */
  readonly checkpoints: Checkpoints;
  /** @internal Seeds of operations that were given none. */
  readonly random: Random = createRandom(randomInt(2 ** 47));
  /** @internal Runs jobs. */
  readonly driver: Driver;
  /** @internal Begins a call of an operation, unless the context has been stopped. */
  readonly operation = (name: string): Operation => {
    this.#refuseStopped(name);
    return new Operation(this, name);
  };
  #stopped: Promise<void> | undefined;
  #statusTracker: StatusTracker | undefined;
  readonly #eventLog: EventLog | undefined;

  /**
   * @throws GloamError `GLOAM_MASTER_URL_INVALID`, `GLOAM_CONF_UNKNOWN`, `GLOAM_CONF_INVALID`, `GLOAM_CONTEXT_ON_EXECUTOR`,
   * `GLOAM_SCRATCH_UNUSABLE`
   */
  constructor(options: GloamContextOptions = {}) {
    if (isExecutorThread()) {
      throw new GloamError("GLOAM_CONTEXT_ON_EXECUTOR", "a context cannot be made on an executor", {
        callSite: captureCallSite(),
      });
    }
    const call = { operation: "new GloamContext", callSite: captureCallSite() };
    this.configuration = raiseFor(call, () =>
      loadConfiguration({
        ...options.conf,
        ...(options.master === undefined ? {} : { master: options.master }),
        ...(options.appName === undefined ? {} : { "app.name": options.appName }),
      }),
    );
    const driver = raiseFor(call, () => (options.createDriver ?? createDriver)(this.configuration));
    this.driver = driver;
    this.applicationId = `gloam-${createIdentifier(this.random, 16)}`;
    const logger = createLogger({ level: this.configuration.get("log.level") });
    this.listeners = new Listeners(logger, (listens) =>
      driver.listen(listens ? (event) => this.listeners.tell(this.#withNames(event)) : undefined),
    );
    const log = raiseFor(call, () => this.#openLog(logger));
    this.#eventLog = log;
    const logging: GloamListener[] = log === undefined ? [] : [(event) => log.add(event)];
    this.#beginListening([...(options.listeners ?? []), ...logging]);
    this.lifetimes = new Lifetimes(({ nodes, shuffles }) => {
      if (shuffles.length > 0) {
        driver.releaseShuffles(shuffles);
        this.accumulators.forgetShuffles(shuffles);
      }
      for (const node of nodes) {
        if (this.checkpoints.isMarked(node)) driver.unpersist([node]);
        this.checkpoints.forget(node);
        this.unpersist(node);
        this.names.delete(node);
      }
      driver.releaseNodes(nodes);
    });
    const { lifetimes, localProperties, accumulators, addedFiles } = this;
    const levelOf: LevelOf = (node) => this.#levelOf(node);
    const garbage = new GarbagePressure();
    this.jobs = new JobRunner({ driver, lifetimes, levelOf, garbage, localProperties, accumulators, addedFiles });
    this.checkpoints = new Checkpoints({
      random: this.random,
      results: (mark, node, sink, { signal }) => this.jobs.checkpointResults(mark, node, sink, { signal }),
      isUsed: (node) => this.jobs.isUsed(node),
      cut: (node, source) => this.#cut(node, source),
    });
    this.jobs.useCheckpoints(this.checkpoints);
    this.broadcasts = new Broadcasts(driver, garbage);
    // While executors start.
    setImmediate(prepareFirstJob);
  }

  /**
   * Number of partitions where an operation leaves it open: `default.parallelism`, else the number of task slots.
   *
   * @example
   * gc.defaultParallelism; // 2
   */
  get defaultParallelism(): number {
    return this.driver.defaultParallelism;
  }

  /** `default.parallelism` where it is set. */
  get configuredParallelism(): number | undefined {
    return this.configuration.get("default.parallelism") || undefined;
  }

  /**
   * Resolves once the executors are there. Jobs wait for them by themselves.
   *
   * @example
   * await gc.ready(); // undefined
   */
  async ready(): Promise<void> {
    this.#refuseStopped("ready");
    await this.driver.ready();
  }

  /** The version of Gloam. */
  get version(): string {
    return gloamVersion();
  }

  /**
   * Cancels what runs and frees every thread and file. Harmless when called again.
   *
   * @example
   * const other = new GloamContext({ master: "local[1]" });
   * await other.range(3).count(); // 3
   * await other.stop(); // undefined
   */
  stop(): Promise<void> {
    this.broadcasts.isStopped = true;
    return (this.#stopped ??= this.#stop());
  }

  async #stop(): Promise<void> {
    try {
      await this.driver.stop();
    } finally {
      this.listeners.tell({ type: "applicationEnd", time: systemClock.now(), applicationId: this.applicationId });
      await this.#eventLog?.close();
    }
  }

  /** Same as `stop()`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /**
   * What is known of the executors and of what they exchange, of jobs and stages: see {@link StatusTracker}.
   *
   * @example
   * await gc.statusTracker.getActiveJobIds(); // []
   */
  get statusTracker(): StatusTracker {
    return (this.#statusTracker ??= new StatusTracker(this.driver));
  }

  /**
   * Cancels the running jobs of a group (`{ jobGroup }`).
   *
   * @example
   * setTimeout(() => gc.cancelJobGroup("long"), 100);
   * await gc.range(1e15).forEach(() => {}, { jobGroup: "long" }).catch((error) => error.code); // "GLOAM_JOB_CANCELLED"
   */
  cancelJobGroup(group: string): void {
    this.jobs.cancelGroup(group, `job group '${group}' was cancelled`);
  }

  /**
   * Cancels every running job.
   *
   * @example
   * setTimeout(() => gc.cancelAllJobs(), 100);
   * await gc.range(1e15).forEach(() => {}).catch((error) => error.code); // "GLOAM_JOB_CANCELLED"
   */
  cancelAllJobs(): void {
    this.jobs.cancelAll("all jobs were cancelled");
  }

  /** A context stays in the driver. */
  [transferSymbol](): Transfer {
    return { refuse: "is the context", mend: "use it in the driver only, outside of functions given to RDDs" };
  }

  /**
   * Where `checkpoint()` writes to: a directory of this context's own is made there with the first checkpoint. It has to be one
   * that all executors reach under this path, and that outlives them. Nothing in it is ever removed.
   *
   * @param directory A path or `file:` URL.
   * @throws GloamError `GLOAM_ARGUMENT_INVALID`
   *
   * @example
   * gc.setCheckpointDir(directory);
   */
  setCheckpointDir(directory: string | URL): void {
    const operation = this.operation("setCheckpointDir");
    this.checkpoints.setDirectory(raiseFor(operation, () => localOutputPath(checkPath(operation, directory))));
  }

  /** @internal Frees a node's kept partitions. */
  unpersist(node: NodeId): void {
    if (this.persisted.delete(node)) this.driver.unpersist([node]);
  }

  #openLog(logger: Logger): EventLog | undefined {
    const directory = this.configuration.get("eventLog.dir");
    if (directory === "") return undefined;
    const { applicationId } = this;
    try {
      return new EventLog({ directory, applicationId, timers: systemTimers, logger });
    } catch (error) {
      void this.driver.stop();
      throw error;
    }
  }

  /** What tasks added to accumulators, by their names. */
  #withNames(event: GloamEvent): GloamEvent {
    if (event.type !== "taskEnd" || event.accumulators === undefined) return event;
    const named = event.accumulators.map((update) => ({ ...update, name: this.accumulators.nameOf(update.id) }));
    return { ...event, accumulators: named };
  }

  #beginListening(listeners: readonly GloamListener[]): void {
    if (listeners.length === 0) return;
    for (const listener of listeners) this.listeners.add(listener);
    const { applicationId, configuration, version } = this;
    this.listeners.tell({
      ...{ type: "applicationStart", time: systemClock.now(), applicationId, version },
      ...{ name: configuration.get("app.name"), master: configuration.get("master") },
    });
  }

  /** How a node is kept: as the program has said, or until its checkpoint is written, so that nothing is computed twice. */
  #levelOf(node: NodeId): StorageLevel | undefined {
    return this.persisted.get(node) ?? (this.checkpoints.isMarked(node) ? "MEMORY_AND_DISK" : undefined);
  }

  /** A node is checkpointed, and needs nothing any more of what it was computed from. */
  #cut(node: PlanNode, source: SourceParts): void {
    if (!(node instanceof OperationNode)) {
      throw new GloamError("GLOAM_INTERNAL", `a node of ${node.operation} cannot become a source`);
    }
    const { id, dependencies } = node;
    node.becomeSource(source);
    this.driver.releaseNodes([id]);
    if (!this.persisted.has(id)) this.driver.unpersist([id]);
    this.lifetimes.cut(node, dependencies);
  }

  #refuseStopped(operation: string): void {
    if (this.#stopped !== undefined) {
      throw new GloamError("GLOAM_CONTEXT_STOPPED", "the context has been stopped", {
        operation,
        callSite: captureCallSite(),
      });
    }
  }
}
