import { lineageOf, stageNodes, type LevelOf, type NodeId, type ShuffleId } from "@gloam/plan";
import type { GraphNode, StageModules, UserModule } from "@gloam/scheduler";
import { stageBytes, type JobStage } from "../job-stages.ts";

/** A stage as it travels to the scheduling thread. */
export interface StagePlan {
  /** The encoded stage description, for executors. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The stage's nodes as the scheduler knows them, in the order of the description: the last is the one that is computed. */
  readonly nodes: readonly GraphNode[];
  /** Those of them that have payloads. */
  readonly withPayloads: readonly NodeId[];
  /** What its functions import, by the paths of modules that the thread has or gets with the job. */
  readonly modules?: PlannedModules | undefined;
}

/** `StageModules` without the modules themselves. */
interface PlannedModules extends Omit<StageModules, "modules"> {
  readonly paths: readonly string[];
}

/** What the scheduling thread lacks of a job: its lineage is put together there from the stages. */
export interface JobPlan {
  readonly result: StagePlan;
  /** Partitions of the result stage to compute, in the order of the results. */
  readonly partitions: readonly number[];
  /** Whether results of parts of a partition can be joined to that of the whole. */
  readonly joinsPieces: boolean;
  /** Stages behind shuffles. */
  readonly stages: readonly (readonly [ShuffleId, StagePlan])[];
  /** Payloads of tasks by node and partition. */
  readonly payloads: ReadonlyMap<NodeId, ReadonlyMap<number, unknown>>;
  /** Modules of the user's program that stages name. */
  readonly modules: readonly UserModule[];
}

/** Describes a stage for the scheduling thread. Costs as much as the stage has nodes. */
export function stagePlan(stage: JobStage, levelOf: LevelOf, modules: StageModules | undefined): StagePlan {
  const nodes = stageNodes(stage.final);
  return {
    bytes: stageBytes(stage, levelOf),
    nodes: lineageOf(nodes, [], levelOf).nodes,
    withPayloads: nodes.filter(({ payload }) => payload !== undefined).map(({ id }) => id),
    ...(modules && { modules: planned(modules) }),
  };
}

function planned({ names, isMapped, modules }: StageModules): PlannedModules {
  return { names, isMapped, paths: modules.map(({ path }) => path) };
}
