/** Node contract, kernels, dependencies, partitioners, keys, source and sink ports. */
export type { JoinedPart, SplitNumbers, TextCutter } from "@gloam/closure";
export {
  accumulatorLabel,
  accumulatorReviver,
  accumulatorSums,
  checkAddend,
  decodeUpdates,
  encodeUpdates,
  type AccumulatorData,
  type AccumulatorKind,
  type AccumulatorUpdate,
  type AddUp,
} from "./accumulators.ts";
export { addedFileNames, addedFileUrl, type AddedFile } from "./added-file.ts";
export type * from "./barrier-context.ts";
export type * from "./barrier-messages.ts";
export type * from "./batch.ts";
export type * from "./block-output.ts";
export {
  apartOffset,
  broadcastReviver,
  type BroadcastBytes,
  type BroadcastData,
  type BroadcastId,
} from "./broadcasts.ts";
export type * from "./driver-port.ts";
export type * from "./executor-status.ts";
export { isExecutorThread, markExecutorThread } from "./executor-thread.ts";
export { gathered } from "./gathered-reader.ts";
export type * from "./kernel.ts";
export * from "./keys/index.ts";
export {
  ancestorsFirst,
  demandsOf,
  lineageOf,
  shufflesOf,
  type Lineage,
  type LineageDependency,
  type LineageNode,
} from "./lineage.ts";
export { parentPartitions } from "./narrow-mapping.ts";
export type * from "./node.ts";
export * from "./nodes/index.ts";
export {
  oneToOne,
  oneToOneNode,
  OperationNode,
  planKernel,
  type NodeOrigin,
  type SourceParts,
  type NodeParts,
  type PlanIds,
} from "./operation-node.ts";
export { countOf, fixedCount, type PartitionCount } from "./partition-count.ts";
export {
  customPartitioner,
  defaultPartitioner,
  hashPartitioner,
  partitionerCount,
  partitionersEqual,
  rangePartitioner,
  type Partitioner,
} from "./partitioner.ts";
export { pairCheck } from "./pair-code.ts";
export { Preparation } from "./preparation.ts";
export { rowsOfBatch } from "./rows-of-batch.ts";
export { runningTask, setRunningTask, type RunningTask } from "./running-task.ts";
export * from "./shuffles/index.ts";
export * from "./sinks/index.ts";
export * from "./sketches/index.ts";
export {
  stageDescription,
  stageNodes,
  StagePayloads,
  type StageDescription,
  type StageInput,
  type StageMember,
  type StageNode,
  type StagePayload,
} from "./stage-description.ts";
export { Stats, type Moments } from "./stats/stats.ts";
export {
  levelNamed,
  storageLevels,
  storageTraits,
  type LevelOf,
  type StorageLevel,
  type StorageTraits,
} from "./storage-level.ts";
export type * from "./task-memory.ts";
export type * from "./work-info.ts";
