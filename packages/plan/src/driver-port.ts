import type { CallSite, GloamEvent } from "@gloam/common";
import type { AddedFile } from "./added-file.ts";
import type { BroadcastBytes, BroadcastId } from "./broadcasts.ts";
import type { DriverTraffic, ExecutorStatus } from "./executor-status.ts";
import type { KernelDescription } from "./kernel.ts";
import type { Lineage } from "./lineage.ts";
import type { NodeId, PlanNode, ShuffleId } from "./node.ts";
import type { JobInfo, StageInfo } from "./work-info.ts";
import type { LevelOf } from "./storage-level.ts";

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
  /** Cancels a job, if it is under way. */
  cancelJob(job: number, reason: string): void;
  /** Cancels every job that needs the stage. */
  cancelStage(stage: number, reason: string): void;
  /** Cancels the running jobs of a group. */
  cancelJobGroup(group: string, reason: string): void;
  /** Cancels every running job. */
  cancelAllJobs(reason: string): void;
  /** Map outputs that no handle needs any more. They are freed in the background. */
  releaseShuffles(shuffles: readonly ShuffleId[]): void;
  /** Nodes whose cached partitions nobody needs any more. */
  unpersist(nodes: readonly NodeId[]): void;
  /** Nodes that no later job can need as they were: what is kept of them, and of stages with them, for later jobs may be forgotten. */
  releaseNodes(nodes: readonly NodeId[]): void;
  /** A value that functions may read from now on. Costs nothing until one does. */
  addBroadcast(id: BroadcastId, bytes: BroadcastBytes): void;
  /** Frees executors' copies, which they get again when a function reads it. */
  unpersistBroadcast(id: BroadcastId): void;
  /** Values that no function can read any more, or may: they are freed everywhere. */
  releaseBroadcasts(ids: readonly BroadcastId[]): void;
  /** What the driver itself has exchanged with executors so far. */
  traffic(): Promise<DriverTraffic>;
  /** The executors that are there now. */
  executors(): Promise<readonly ExecutorStatus[]>;
  /** Jobs under way, and the last ones that have ended. */
  jobs(): Promise<readonly JobInfo[]>;
  /** Stages whose tasks run or wait for a slot. */
  stages(): Promise<readonly StageInfo[]>;
  /**
   * Has everything that happens from now on told to `onEvent`, which must not throw; nobody is told any more where it is left out.
   * What belongs to an action has been told when its promise settles. Nothing is made for nobody.
   */
  listen(onEvent?: (event: GloamEvent) => void): void;
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
  /** How the node's partitions are kept once computed (as of the submission). */
  readonly levelOf: LevelOf;
  /**
   * One partition's result, as soon as it is there and in any order, each index into `partitions` once. `value` is what
   * the sink's `finish()` gave: bytes as they are, everything else decoded.
   */
  readonly onResult: (index: number, value: unknown) => void;
  /**
   * What a task added to accumulators, encoded (`encodeUpdates`): of each partition's first result before it, and of each map output
   * of a stage that this job may use. Comes again for a map partition whose output was lost; of a stage that several jobs use, one of
   * them is told. An exception cancels the job and becomes its rejection.
   */
  readonly onAccumulated?: ((source: AccumulatingTask, updates: Uint8Array) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly properties: JobRequestProperties;
  /** Files that functions may ask for. A stage that several jobs need has those of the first. */
  readonly files?: readonly AddedFile[] | undefined;
  /** The action's name as the user called it, and where. */
  readonly operation: string;
  readonly callSite: CallSite | undefined;
}

/** Which task added to accumulators: by `index` into the job's partitions, or by the map partition of a shuffle. */
export type AccumulatingTask =
  | { readonly kind: "result"; readonly index: number }
  | { readonly kind: "shuffleMap"; readonly shuffle: ShuffleId; readonly index: number };

/** How a job is scheduled and shown. */
export interface JobRequestProperties {
  readonly pool?: string | undefined;
  readonly group?: string | undefined;
  readonly description?: string | undefined;
  /** Local properties of the caller, which its tasks can read. */
  readonly local?: Readonly<Record<string, string>> | undefined;
}
