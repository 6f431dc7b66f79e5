import { encodeValue } from "@gloam/arrow";
import { GloamError, type CallSite } from "@gloam/common";
import {
  stageDescription,
  StagePayloads,
  type JobRequest,
  type KernelDescription,
  type NodeId,
  type PlanNode,
} from "@gloam/plan";
import type { JobId, StageCode, StageKind } from "@gloam/scheduler";

/** An operation of a stage, for messages. */
export interface StageOperation {
  readonly operation: string;
  readonly callSite: CallSite | undefined;
}

/** A stage's code with the names of what is in it. */
export interface NamedStageCode extends StageCode {
  /** The operations of the stage's nodes by index, and last that of its sink. */
  readonly operations: readonly StageOperation[];
}

/** Knows the plans of the jobs under way and makes their stages' code. */
export class StageCatalog {
  readonly #jobs = new Map<JobId, JobRequest>();

  add(job: JobId, request: JobRequest): void {
    this.#jobs.set(job, request);
  }

  remove(job: JobId): void {
    this.#jobs.delete(job);
  }

  /** What a stage that computes this node is called. */
  operationOf(kind: StageKind, node: NodeId): StageOperation | undefined {
    if (kind.kind === "result") return this.#jobs.get(kind.job);
    for (const { nodes } of this.#jobs.values()) {
      const found = nodes.get(node);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  codeOf(kind: StageKind): NamedStageCode {
    if (kind.kind === "result") {
      const request = this.#jobs.get(kind.job);
      if (request === undefined) throw new GloamError("GLOAM_INTERNAL", `no plan for job ${kind.job}`);
      return stageCode(request.final, request.sink, request, request);
    }
    for (const request of this.#jobs.values()) {
      const dependency = request.shuffles.get(kind.shuffle);
      if (dependency === undefined) continue;
      // The map side's functions belong to the operation that asked for the shuffle.
      const reader = [...request.nodes.values()].find((node) =>
        node.dependencies.some((each) => each.kind === "shuffle" && each.shuffle === kind.shuffle),
      );
      return stageCode(dependency.parent, dependency.writer, request, reader ?? request);
    }
    throw new GloamError("GLOAM_INTERNAL", `no plan for shuffle ${kind.shuffle}`);
  }
}

function stageCode(
  final: PlanNode,
  sink: KernelDescription,
  request: JobRequest,
  last: StageOperation,
): NamedStageCode {
  const description = stageDescription(final, sink, request.isPersisted);
  const payloads = new StagePayloads(final);
  return {
    bytes: encodeValue(description),
    payloads: (partition) => payloads.of(partition),
    operations: [...description.nodes, last].map(({ operation, callSite }) => ({ operation, callSite })),
  };
}
