import {
  ancestorsFirst,
  collectSink,
  lineageOf,
  Preparation,
  shufflesOf,
  type JobRequest,
  type LevelOf,
  type NodeId,
  type PlanNode,
} from "@gloam/plan";

const preparation = new Preparation();

/** What may be asked of a job. */
export type JobOptions = Partial<Pick<JobRequest, "partitions" | "onResult" | "signal" | "properties">>;

/** The job that collects a node's partitions, as `core` would submit it. */
export async function jobRequest(
  final: PlanNode,
  more: JobOptions = {},
  persisted: ReadonlySet<NodeId> = new Set(),
): Promise<JobRequest> {
  const nodes = ancestorsFirst(final);
  await preparation.prepare(nodes);
  const partitions = more.partitions ?? Array.from({ length: final.partitionCount() }, (_, partition) => partition);
  const levelOf: LevelOf = (node) => (persisted.has(node) ? "MEMORY_AND_DISK" : undefined);
  return {
    final,
    sink: collectSink(),
    partitions,
    lineage: lineageOf(nodes, partitions, levelOf),
    nodes: new Map(nodes.map((node) => [node.id, node])),
    shuffles: shufflesOf(nodes),
    levelOf,
    onResult: () => undefined,
    properties: {},
    operation: "collect",
    callSite: { file: "/app/job.ts", line: 1, column: 2 },
    ...more,
  };
}
