/** GloamContext and Rdd. */
// oxlint-disable import/no-unassigned-import -- each family of operations adds its methods to Rdd
import "./actions/collecting.ts";
import "./actions/counting.ts";
import "./actions/effects.ts";
import "./actions/reducing.ts";
import "./actions/saving.ts";
import "./caching.ts";
import "./context/added-files.ts";
import "./context/job-control.ts";
import "./context/listening.ts";
import "./context/run-job.ts";
import "./context/sources.ts";
import "./control.ts";
import "./pairs/combining.ts";
import "./pairs/grouping.ts";
import "./pairs/joins.ts";
import "./pairs/partitioning.ts";
import "./pairs/values.ts";
import "./transformations/elements.ts";
import "./transformations/partitions.ts";
import "./transformations/sets.ts";
import "./transformations/sorting.ts";

export type { Ordering } from "./actions/collecting.ts";
export type { LocalIteratorOptions } from "./actions/local-iterator.ts";
export { GloamContext, type GloamContextOptions, type RangeOptions } from "./context.ts";
export { files } from "./context/added-files.ts";
export type { FileOptions, Paths } from "./context/file-options.ts";
export type { LocalPropertyValues } from "./context/local-properties.ts";
export type { GloamListener } from "./context/listeners.ts";
export type { RunJobOptions } from "./context/run-job.ts";
export type { RddDependency } from "./control.ts";
export type { SaveOptions } from "./actions/saving.ts";
export { Operation } from "./operation.ts";
export type { ActionOptions } from "./options.ts";
export type { CombineByKeyOptions } from "./pairs/combining.ts";
export type { Partitioning } from "./pairs/partitioning.ts";
export { StatusTracker } from "./status-tracker.ts";
export { taskContext } from "./task-context.ts";
export { Rdd } from "./rdd.ts";
export type { MapAsyncOptions } from "./transformations/elements.ts";
export type { MapPartitionsOptions } from "./transformations/partitions.ts";
export type { SortOptions } from "./transformations/sorting.ts";
export type { Element, Widen } from "./types.ts";
export { onExecutor, type ExecutorValue } from "@gloam/closure";
export type { ExecutorStatus, JobInfo, Partitioner, RunningTask, StageInfo } from "@gloam/plan";
export type {
  AccumulatorUpdate,
  ApplicationEndEvent,
  ApplicationStartEvent,
  BlocksEvent,
  ExecutorAddedEvent,
  ExecutorRemovedEvent,
  GloamEvent,
  JobEndEvent,
  JobStartEvent,
  StageCompletedEvent,
  StageSubmittedEvent,
  TaskEndEvent,
  TaskFailureSummary,
  TaskMetrics,
  TaskStartEvent,
} from "@gloam/common";
