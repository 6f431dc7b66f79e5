import { GloamError } from "@gloam/common";
import {
  ancestorsFirst,
  countSink,
  joinPiecesOf,
  lineageOf,
  Preparation,
  shufflesOf,
  type AddedFile,
  stageNodes,
  type Driver,
  type JobRequest,
  type JobRequestProperties,
  type KernelDescription,
  type LevelOf,
  type NodeId,
  type PlanNode,
  type StorageLevel,
} from "@gloam/plan";
import type { Accumulators } from "./accumulators/accumulators.ts";
import type { Call } from "./arguments.ts";
import { jobProperties } from "./context/job-properties.ts";
import type { LocalProperties } from "./context/local-properties.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { GarbagePressure } from "./garbage-pressure.ts";
import type { Lifetimes } from "./lifetimes.ts";
import type { ActionOptions } from "./options.ts";
import { PreparingJobs } from "./preparing-jobs.ts";

/** What jobs are run with. */
export interface JobRunnerParts {
  readonly driver: Driver;
  readonly lifetimes: Lifetimes;
  /** How a node's partitions are kept. */
  readonly levelOf: LevelOf;
  readonly garbage: GarbagePressure;
  readonly localProperties: LocalProperties;
  readonly accumulators: Accumulators;
  /** By their names. */
  readonly addedFiles: ReadonlyMap<string, AddedFile>;
}

/** An action, and how its job is scheduled. */
interface RunningAction {
  readonly call: Call;
  readonly node: PlanNode;
  readonly sink: KernelDescription;
  readonly onResult: (index: number, value: unknown) => void;
  readonly options: ActionOptions;
  readonly properties: JobRequestProperties;
  readonly partitions: readonly number[] | undefined;
}

/** Runs the jobs of actions: prepares the plan, keeps it alive, hands it to the driver. */
export class JobRunner {
  readonly #driver: Driver;
  readonly #lifetimes: Lifetimes;
  readonly #levelOf: LevelOf;
  readonly #garbage: GarbagePressure;
  readonly #locals: LocalProperties;
  readonly #accumulators: Accumulators;
  readonly #files: ReadonlyMap<string, AddedFile>;
  readonly #preparation = new Preparation();
  readonly #preparing = new PreparingJobs();
  readonly #known = new WeakSet<PlanNode>();
  /** The nodes of jobs under way. */
  readonly #underWay = new Set<ReadonlyMap<NodeId, PlanNode>>();
  /** What is to be written after jobs. */
  #checkpoints: Pick<Checkpoints, "write" | "cutDue"> | undefined;

  constructor({ driver, lifetimes, levelOf, garbage, localProperties, accumulators, addedFiles }: JobRunnerParts) {
    this.#driver = driver;
    this.#lifetimes = lifetimes;
    this.#levelOf = levelOf;
    this.#garbage = garbage;
    this.#locals = localProperties;
    this.#accumulators = accumulators;
    this.#files = addedFiles;
  }

  /** Has checkpoints written after jobs. */
  useCheckpoints(checkpoints: Pick<Checkpoints, "write" | "cutDue">): void {
    this.#checkpoints = checkpoints;
  }

  /** Whether a job under way has the node in its lineage. */
  isUsed(node: NodeId): boolean {
    for (const nodes of this.#underWay) if (nodes.has(node)) return true;
    return false;
  }

  /** Cancels the jobs of a group, also those whose sources are still being prepared. */
  cancelGroup(group: string, reason: string): void {
    this.#preparing.cancel(reason, group);
    this.#driver.cancelJobGroup(group, reason);
  }

  /** Likewise every job. */
  cancelAll(reason: string): void {
    this.#preparing.cancel(reason);
    this.#driver.cancelAllJobs(reason);
  }

  /** The number of partitions, once the sources are prepared. */
  partitionCount(call: Call, node: PlanNode, options: ActionOptions = {}): Promise<number> {
    const { group } = jobProperties(options, this.#locals);
    return this.holding(node, () =>
      this.#prepared(call, ancestorsFirst(node), group, options.signal, () => node.partitionCount()),
    );
  }

  /**
   * Runs a sink over partitions of a node, all of them when `partitions` is left out. `onResult` gets each one's result as
   * soon as it is there.
   */
  run(
    call: Call,
    node: PlanNode,
    sink: KernelDescription,
    onResult: (index: number, value: unknown) => void,
    options: ActionOptions = {},
    partitions?: readonly number[],
  ): Promise<void> {
    const properties = jobProperties(options, this.#locals);
    return this.#runAndWrite({ call, node, sink, onResult, options, properties, partitions });
  }

  #runAndWrite(action: RunningAction): Promise<void> {
    return this.holding(action.node, async () => {
      const nodes = await this.#runAlone(action);
      await this.#checkpoints?.write(nodes, action.options);
    });
  }

  /** The results of all partitions for a checkpoint: none is written after it. */
  async checkpointResults(
    call: Call,
    node: PlanNode,
    sink: KernelDescription,
    options: ActionOptions,
  ): Promise<unknown[]> {
    const results: unknown[] = [];
    const onResult = (index: number, value: unknown): void => void (results[index] = value);
    const properties = jobProperties(options, this.#locals);
    const action = { call, node, sink, onResult, options, properties, partitions: undefined };
    await this.holding(node, () => this.#runAlone(action));
    return results;
  }

  /** Runs an action's job and nothing after it; gives the nodes in its lineage, ancestors first. */
  async #runAlone(action: RunningAction): Promise<Iterable<PlanNode>> {
    const nodes = new Map(ancestorsFirst(action.node).map((each) => [each.id, each]));
    this.#underWay.add(nodes);
    try {
      await this.#run(action, nodes);
    } finally {
      this.#underWay.delete(nodes);
      this.#checkpoints?.cutDue();
    }
    return nodes.values();
  }

  #run(action: RunningAction, nodes: ReadonlyMap<NodeId, PlanNode>): Promise<void> {
    const { call, options, properties } = action;
    return this.#prepared(call, [...nodes.values()], properties.group, options.signal, () =>
      this.#submit(action, nodes),
    );
  }

  async #submit(action: RunningAction, nodes: ReadonlyMap<NodeId, PlanNode>): Promise<void> {
    const { call, node, sink, onResult, options, properties, partitions } = action;
    const ancestors = [...nodes.values()];
    const every = Array.from({ length: node.partitionCount() }, (_, partition) => partition);
    const wanted = partitions ?? every;
    if (wanted.length === 0) return;
    // Tasks of a barrier run all at once or not at all: nobody looks at the others' results.
    const runsAll = wanted.length < every.length && stageNodes(node).some(({ barrier }) => barrier === true);
    const chosen = runsAll ? every : wanted;
    const joinPieces = joinPiecesOf(sink);
    // As of now: what the job's tasks are told must not change while it runs.
    const levels = new Map<NodeId, StorageLevel>();
    for (const { id } of ancestors) {
      const level = this.#levelOf(id);
      if (level !== undefined) levels.set(id, level);
    }
    const levelOf: LevelOf = (id) => levels.get(id);
    const shuffles = shufflesOf(ancestors);
    const accumulated = this.#accumulators.job(shuffles.keys());
    const request: JobRequest = {
      final: node,
      sink,
      partitions: chosen,
      lineage: lineageOf(ancestors, chosen, levelOf, joinPieces !== undefined),
      nodes,
      shuffles,
      levelOf,
      joinPieces,
      onResult: runsAll ? onlyThose(wanted, onResult) : onResult,
      onAccumulated: accumulated.take,
      signal: options.signal,
      properties,
      ...(this.#files.size > 0 && { files: [...this.#files.values()] }),
      operation: call.operation,
      callSite: call.callSite,
    };
    try {
      await this.#driver.runJob(request);
    } finally {
      accumulated.settle();
    }
    this.#garbage.add(this.#leftBehind(ancestors));
  }

  /** The results of all partitions, in their order. */
  async results(
    call: Call,
    node: PlanNode,
    sink: KernelDescription,
    options?: ActionOptions,
    partitions?: readonly number[],
  ): Promise<unknown[]> {
    const results: unknown[] = [];
    await this.run(call, node, sink, (index, value) => (results[index] = value), options, partitions);
    return results;
  }

  /**
   * Numbers of elements of partitions, for operations that need them before they can be computed. Jobs of several groups may wait for
   * them: the job that counts is of none, and is cancelled by its signal when nobody waits any more.
   */
  async count(call: Call, node: PlanNode, partitions: readonly number[], signal: AbortSignal): Promise<number[]> {
    const counts: number[] = [];
    const onResult = (index: number, value: unknown): void => void (counts[index] = value as number);
    const options = { signal };
    const properties = { ...jobProperties(options, this.#locals), group: undefined };
    await this.#runAndWrite({ call, node, sink: countSink(), onResult, options, properties, partitions });
    return counts;
  }

  /** Keeps a node alive while an action that runs several jobs, or none yet, needs it. */
  async holding<R>(node: PlanNode, action: () => Promise<R>): Promise<R> {
    this.#lifetimes.hold(node);
    try {
      return await action();
    } finally {
      this.#lifetimes.release(node);
    }
  }

  /** Prepares nodes and goes on: without an await between, so that what goes on there can be cancelled at every time. */
  async #prepared<R>(
    { operation, callSite }: Call,
    nodes: readonly PlanNode[],
    group: string | undefined,
    signal: AbortSignal | undefined,
    goOn: () => R | Promise<R>,
  ): Promise<R> {
    const preparing = this.#preparing.begin(group, signal);
    const cancelled = (reason: string, cause?: unknown): GloamError =>
      new GloamError("GLOAM_JOB_CANCELLED", `the job was cancelled${reason}`, { operation, callSite, cause });
    try {
      await this.#preparation.prepare(nodes, preparing.signal);
    } catch (cause) {
      if (signal?.aborted === true) throw cancelled(" by its signal", cause);
      if (preparing.reason === undefined) throw cause;
    } finally {
      preparing.end();
    }
    if (preparing.reason !== undefined) throw cancelled(`: ${preparing.reason}`);
    return goOn();
  }

  /** Shuffles and caches that this job was the first to fill. */
  #leftBehind(nodes: readonly PlanNode[]): number {
    let left = 0;
    for (const node of nodes) {
      if (this.#known.has(node)) continue;
      this.#known.add(node);
      left += node.dependencies.filter(({ kind }) => kind === "shuffle").length;
      if (this.#levelOf(node.id) !== undefined) left++;
    }
    return left;
  }
}

/** Passes on the results of some partitions, each under its place among them. */
function onlyThose(partitions: readonly number[], onResult: (index: number, value: unknown) => void): typeof onResult {
  const places = new Map(partitions.map((partition, index) => [partition, index]));
  return (partition, value) => {
    const index = places.get(partition);
    if (index !== undefined) onResult(index, value);
  };
}
