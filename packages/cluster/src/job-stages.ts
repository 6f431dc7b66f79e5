import { encodeValue } from "@gloam/arrow";
import type { CapturedFunction } from "@gloam/closure";
import type { CallSite } from "@gloam/common";
import {
  stageDescription,
  stageNodes,
  StagePayloads,
  type AddedFile,
  type JobRequest,
  type KernelDescription,
  type LevelOf,
  type PlanNode,
} from "@gloam/plan";
import { withAddedFiles } from "./added-files.ts";
import type { StageCode, StageKind } from "@gloam/scheduler";

/** An operation of a stage, for messages. */
export interface StageOperation {
  readonly operation: string;
  readonly callSite: CallSite | undefined;
}

/** What one stage of a job computes. */
export interface JobStage {
  /** Node whose partitions are computed. */
  readonly final: PlanNode;
  /** Ends the pipeline: a shuffle's writer or the action's sink. */
  readonly sink: KernelDescription;
  /** Local properties of whoever asked for the first job that needs it. */
  readonly properties?: Readonly<Record<string, string>> | undefined;
  /** Likewise the files that functions may ask for. */
  readonly files?: readonly AddedFile[] | undefined;
}

/** The stage of that kind, or undefined for a shuffle that the job does not read. Result stages are the job's own. */
export function stageOf(request: JobRequest, kind: StageKind): JobStage | undefined {
  if (kind.kind === "result") return resultStage(request);
  const dependency = request.shuffles.get(kind.shuffle);
  return dependency && mapStage(request, dependency);
}

/** The stage that gives the job's results. */
export function resultStage({ final, sink, properties, files }: JobRequest): JobStage {
  return { final, sink, properties: properties.local, files };
}

/** The stage that writes a shuffle. */
export function mapStage(
  { properties, files }: JobRequest,
  { parent, writer }: { readonly parent: PlanNode; readonly writer: KernelDescription },
): JobStage {
  return { final: parent, sink: writer, properties: properties.local, files };
}

/** A stage's description, encoded. Costs as much as the stage has nodes. */
export function stageBytes({ final, sink, properties }: JobStage, levelOf: LevelOf): Uint8Array<ArrayBuffer> {
  return encodeValue(stageDescription(final, sink, levelOf, properties));
}

/** The functions of a stage, which say what they import. */
export function stageFunctions({ final, sink }: JobStage): CapturedFunction[] {
  return [...stageNodes(final).map(({ kernel }) => kernel), sink].flatMap(({ functions }) => functions);
}

/** The code of a stage. Payloads cost nothing before they are asked for. */
export function stageCode(stage: JobStage, levelOf: LevelOf): StageCode {
  let payloads: StagePayloads<PlanNode> | undefined;
  const modules = withAddedFiles(undefined, stage.files);
  return {
    bytes: stageBytes(stage, levelOf),
    ...(modules && { modules }),
    payloads: (partition) => (payloads ??= new StagePayloads(stage.final)).of(partition),
  };
}

/** The operations of a stage's nodes by index, and last that of its sink; undefined for a stage that is not the job's. */
export function stageOperations(request: JobRequest, kind: StageKind): StageOperation[] | undefined {
  const stage = stageOf(request, kind);
  return stage && [...stageNodes(stage.final), sinkOperation(request, kind)].map(named);
}

/** The map side's functions belong to the operation that asked for the shuffle. */
function sinkOperation(request: JobRequest, kind: StageKind): StageOperation {
  if (kind.kind === "result") return request;
  for (const node of request.nodes.values()) {
    if (node.dependencies.some((each) => each.kind === "shuffle" && each.shuffle === kind.shuffle)) return node;
  }
  return request;
}

function named({ operation, callSite }: StageOperation): StageOperation {
  return { operation, callSite };
}
