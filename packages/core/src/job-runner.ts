import { GloamError } from "@gloam/common";
import {
  ancestorsFirst,
  countSink,
  joinPiecesOf,
  lineageOf,
  Preparation,
  shufflesOf,
  stageNodes,
  type Driver,
  type KernelDescription,
  type NodeId,
  type PlanNode,
} from "@gloam/plan";
import type { Call } from "./arguments.ts";
import type { GarbagePressure } from "./garbage-pressure.ts";
import type { Lifetimes } from "./lifetimes.ts";
import type { ActionOptions } from "./options.ts";

/** Runs the jobs of actions: prepares the plan, keeps it alive, hands it to the driver. */
export class JobRunner {
  readonly #driver: Driver;
  readonly #lifetimes: Lifetimes;
  readonly #persisted: ReadonlySet<NodeId>;
  readonly #garbage: GarbagePressure;
  readonly #preparation = new Preparation();
  readonly #known = new WeakSet<PlanNode>();

  constructor(driver: Driver, lifetimes: Lifetimes, persisted: ReadonlySet<NodeId>, garbage: GarbagePressure) {
    this.#driver = driver;
    this.#lifetimes = lifetimes;
    this.#persisted = persisted;
    this.#garbage = garbage;
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
    return this.holding(node, async () => {
      const nodes = ancestorsFirst(node);
      await this.#prepare(call, nodes, options.signal);
      const every = Array.from({ length: node.partitionCount() }, (_, partition) => partition);
      const wanted = partitions ?? every;
      if (wanted.length === 0) return;
      // Tasks of a barrier run all at once or not at all: nobody looks at the others' results.
      const runsAll = wanted.length < every.length && stageNodes(node).some(({ barrier }) => barrier === true);
      const chosen = runsAll ? every : wanted;
      const joinPieces = joinPiecesOf(sink);
      const isPersisted = (id: NodeId): boolean => this.#persisted.has(id);
      await this.#driver.runJob({
        final: node,
        sink,
        partitions: chosen,
        lineage: lineageOf(nodes, chosen, isPersisted, joinPieces !== undefined),
        nodes: new Map(nodes.map((each) => [each.id, each])),
        shuffles: shufflesOf(nodes),
        isPersisted,
        joinPieces,
        onResult: runsAll ? onlyThose(wanted, onResult) : onResult,
        signal: options.signal,
        properties: { pool: options.pool, group: options.jobGroup, description: options.description },
        operation: call.operation,
        callSite: call.callSite,
      });
      this.#garbage.add(this.#leftBehind(nodes));
    });
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
      if (this.#persisted.has(node.id)) left++;
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
