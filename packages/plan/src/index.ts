/** Node contract, kernels, dependencies, partitioners, keys, source and sink ports. */
export type * from "./batch.ts";
export type * from "./block-output.ts";
export type * from "./driver-port.ts";
export type * from "./kernel.ts";
export {
  ancestorsFirst,
  lineageOf,
  shufflesOf,
  type Lineage,
  type LineageDependency,
  type LineageNode,
} from "./lineage.ts";
export { parentPartitions } from "./narrow-mapping.ts";
export type * from "./node.ts";
export type * from "./partitioner.ts";
export { runningTask, setRunningTask, type RunningTask } from "./running-task.ts";
export {
  stageDescription,
  StagePayloads,
  type StageDescription,
  type StageInput,
  type StageNode,
  type StagePayload,
} from "./stage-description.ts";
export type * from "./task-memory.ts";
export * from "./keys/index.ts";
