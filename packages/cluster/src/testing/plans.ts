import {
  ancestorsFirst,
  countSink,
  lineageOf,
  shufflesOf,
  type JobRequest,
  type LevelOf,
  type NodeId,
  type NodeOrigin,
  type PlanNode,
} from "@gloam/plan";

/** An origin for nodes of a test: identities count from 1. */
export function testOrigin(operation = "test"): NodeOrigin {
  let nodes = 0;
  let shuffles = 0;
  return {
    operation,
    callSite: undefined,
    ids: { nextNode: () => ++nodes, nextShuffle: () => ++shuffles },
  };
}

/** The job that counts a node's partitions, all of them or those told. */
export function testRequest(
  final: PlanNode,
  persisted: ReadonlySet<NodeId> = new Set(),
  partitions: readonly number[] = Array.from({ length: final.partitionCount() }, (_, partition) => partition),
): JobRequest {
  const nodes = ancestorsFirst(final);
  const levelOf: LevelOf = (node) => (persisted.has(node) ? "MEMORY_AND_DISK" : undefined);
  return {
    final,
    sink: countSink(),
    partitions,
    lineage: lineageOf(nodes, partitions, levelOf),
    nodes: new Map(nodes.map((node) => [node.id, node])),
    shuffles: shufflesOf(nodes),
    levelOf,
    onResult: () => undefined,
    properties: {},
    operation: "count",
    callSite: undefined,
  };
}
