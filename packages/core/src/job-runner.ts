import { GloamError } from "@gloam/common";
import {
  ancestorsFirst,
  countSink,
  lineageOf,
  Preparation,
  shufflesOf,
  type AddedFile,
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

  /** The number of partitions, once the sources are prepared. */
  partitionCount(call: Call, node: PlanNode, options: ActionOptions = {}): Promise<number> {
    return this.holding(node, async () => {
      await this.#prepare(call, ancestorsFirst(node), options.signal);
      return node.partitionCount();
    });
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
    return this.holding(node, async () => {
      const nodes = new Map(ancestorsFirst(node).map((each) => [each.id, each]));
      this.#underWay.add(nodes);
      try {
        await this.#run({ call, node, sink, onResult, options, properties, partitions }, nodes);
      } finally {
        this.#underWay.delete(nodes);
        this.#checkpoints?.cutDue();
      }
      await this.#checkpoints?.write(nodes.values(), options);
    });
  }

  async #run(action: RunningAction, nodes: ReadonlyMap<NodeId, PlanNode>): Promise<void> {
    const { call, node, sink, onResult, options, properties, partitions } = action;
    const ancestors = [...nodes.values()];
    await this.#prepare(call, ancestors, options.signal);
    const chosen = partitions ?? Array.from({ length: node.partitionCount() }, (_, partition) => partition);
    if (chosen.length === 0) return;
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
      lineage: lineageOf(ancestors, chosen, levelOf),
      nodes,
      shuffles,
      levelOf,
      onResult,
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

  /** Numbers of elements of partitions, for operations that need them before they can be computed. */
  async count(call: Call, node: PlanNode, partitions: readonly number[], signal: AbortSignal): Promise<number[]> {
    return (await this.results(call, node, countSink(), { signal }, partitions)) as number[];
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

  async #prepare(call: Call, nodes: readonly PlanNode[], signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#preparation.prepare(nodes, signal);
    } catch (cause) {
      if (signal?.aborted !== true) throw cause;
      const { operation, callSite } = call;
      throw new GloamError("GLOAM_JOB_CANCELLED", "the job was cancelled by its signal", {
        operation,
        callSite,
        cause,
      });
    }
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
