import type { CallSite } from "@gloam/common";
import type { ExecutorStatus } from "./executor-status.ts";
import type { KernelDescription } from "./kernel.ts";
import type { Lineage } from "./lineage.ts";
import type { NodeId, PlanNode, ShuffleId } from "./node.ts";

/**
 * What `core` needs of a cluster: runs jobs and frees what they left behind. A backend (threads of this process,
 * processes, Mesos) makes one for each context.
 */
export interface Driver {
  /** Resolves once jobs can start; rejects when executors cannot be had. Optional to await: jobs wait by themselves. */
  ready(): Promise<void>;
  /**
   * Runs a job to its end. Rejects with the job's `GloamError`: `GLOAM_TASK_FAILED` with the user's exception as cause,
   * `GLOAM_JOB_CANCELLED` when the signal aborts, `GLOAM_CONTEXT_STOPPED` after `stop`. An exception from `onResult`
   * cancels the job and becomes its rejection.
   */
  runJob(request: JobRequest): Promise<void>;
  /** Cancels the running jobs of a group. */
  cancelJobGroup(group: string, reason: string): void;
  /** Cancels every running job. */
  cancelAllJobs(reason: string): void;
  /** Map outputs that no handle needs any more. They are freed in the background. */
  releaseShuffles(shuffles: readonly ShuffleId[]): void;
  /** Nodes whose cached partitions nobody needs any more. */
  unpersist(nodes: readonly NodeId[]): void;
  /** Nodes that no later job can need: what is kept of them for jobs' tasks may be forgotten. */
  releaseNodes(nodes: readonly NodeId[]): void;
  /** The executors that are there now. */
  executors(): Promise<readonly ExecutorStatus[]>;
  /** Number of task slots, at least as far as known: the default number of partitions. */
  readonly defaultParallelism: number;
  /** Cancels what runs and frees every thread, process, connection and file. Idempotent. */
  stop(): Promise<void>;
}

/**
 * One job. The final node and its ancestors have been prepared: partition counts, dependencies and payloads may be asked
 * for at once. The request holds every node for as long as the job runs; a driver keeps ids only.
 */
export interface JobRequest {
  /** Node whose partitions are computed. */
  readonly final: PlanNode;
  /** Ends the pipeline over each partition and gives its result. */
  readonly sink: KernelDescription;
  /** Partitions of `final` to compute, in the order of the results. */
  readonly partitions: readonly number[];
  /** The job's graph as the scheduler takes it (structurally its `JobGraph`). */
  readonly lineage: Lineage;
  /** Every node of the lineage by its id: what `stageDescription` and `StagePayloads` start from. */
  readonly nodes: ReadonlyMap<NodeId, PlanNode>;
  /** Shuffle dependencies of the lineage by id; `parent` is the node whose stage writes the shuffle. */
  readonly shuffles: ReadonlyMap<ShuffleId, { readonly parent: PlanNode; readonly writer: KernelDescription }>;
  /** Whether the node's partitions are kept once computed (as of the submission). */
  readonly isPersisted: (node: NodeId) => boolean;
  /**
   * One partition's result, as soon as it is there and in any order, each index into `partitions` once. `value` is what
   * the sink's `finish()` gave: bytes as they are, everything else decoded.
   */
  readonly onResult: (index: number, value: unknown) => void;
  /** Where partitions may be computed in parts: makes a partition's result of those of its parts, in order. */
  readonly joinPieces?: ((pieces: readonly unknown[]) => unknown) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly properties: JobRequestProperties;
  /** The action's name as the user called it, and where. */
  readonly operation: string;
  readonly callSite: CallSite | undefined;
}

/** How a job is scheduled and shown. */
export interface JobRequestProperties {
  readonly pool?: string | undefined;
  readonly group?: string | undefined;
  readonly description?: string | undefined;
}
