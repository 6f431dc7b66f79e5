/** GloamContext and Rdd. */
// oxlint-disable import/no-unassigned-import -- each family of operations adds its methods to Rdd
import "./accumulators/creating.ts";
import "./actions/approximate-counts.ts";
import "./actions/collecting.ts";
import "./actions/counting.ts";
import "./actions/distinct-counts.ts";
import "./actions/effects.ts";
import "./actions/extremes.ts";
import "./actions/histogram.ts";
import "./actions/numbers.ts";
import "./actions/percentiles.ts";
import "./actions/reducing.ts";
import "./actions/sampling.ts";
import "./actions/trees.ts";
import "./broadcasts/creating.ts";
import "./caching.ts";
import "./map-reduce.ts";
import "./actions/saving.ts";
import "./context/added-files.ts";
import "./context/collections.ts";
import "./context/job-control.ts";
import "./context/listening.ts";
import "./context/run-job.ts";
import "./context/sources.ts";
import "./control.ts";
import "./checkpointing.ts";
import "./pairs/combining.ts";
import "./pairs/driver-maps.ts";
import "./pairs/fix-skew.ts";
import "./pairs/grouping.ts";
import "./pairs/inner-join.ts";
import "./pairs/ordered.ts";
import "./pairs/joins.ts";
import "./pairs/partitioning.ts";
import "./pairs/replacing.ts";
import "./pairs/sampling-by-key.ts";
import "./pairs/top-by-key.ts";
import "./pairs/values.ts";
import "./transformations/elements.ts";
import "./transformations/partition-cuts.ts";
import "./transformations/resources.ts";
import "./transformations/partitions.ts";
import "./transformations/piping.ts";
import "./transformations/set-algebra.ts";
import "./transformations/sets.ts";
import "./transformations/sorting.ts";
import "./transformations/splitting.ts";
import "./transformations/zipping.ts";

export type { ApproximateOptions } from "./actions/approximate-counts.ts";
export type { HotOptions } from "./actions/counting.ts";
export type { Histogram } from "./actions/histogram.ts";
export { Broadcast } from "./broadcasts/broadcast.ts";
export { Accumulator } from "./accumulators/accumulator.ts";
export type { AccumulatorOptions } from "./accumulators/creating.ts";
export type { LocalIteratorOptions } from "./actions/local-iterator.ts";
export type { Ordering } from "./actions/ordering.ts";
export type { BoundedNumber, PartialResult } from "./actions/partial-result.ts";
export type { DigestOptions, PercentilesByKeyOptions, PercentilesOptions } from "./actions/percentiles.ts";
export type { TreeOptions } from "./actions/trees.ts";
export { GloamContext, type GloamContextOptions } from "./context.ts";
export type { RangeOptions } from "./context/collections.ts";
export { files } from "./context/added-files.ts";
export type { FileOptions, Paths } from "./context/file-options.ts";
export type { LocalPropertyValues } from "./context/local-properties.ts";
export type { GloamListener } from "./context/listeners.ts";
export type { RunJobOptions } from "./context/run-job.ts";
export type { RddDependency } from "./control.ts";
export type { MapReduceInput, MapReduceJob, MapReduceOutput, MapReduceRecord } from "./map-reduce.ts";
export type { SaveOptions } from "./actions/saving.ts";
export { Operation } from "./operation.ts";
export type { ActionOptions } from "./options.ts";
export type { CombineByKeyOptions } from "./pairs/combining.ts";
export type { FilterByRangeOptions, SortWithinPartitionsOptions } from "./pairs/ordered.ts";
export type { EvenPartitioning, FixSkewOptions } from "./pairs/fix-skew.ts";
export type { Partitioning } from "./pairs/partitioning.ts";
export type { UpdateOptions } from "./pairs/replacing.ts";
export type { Fractions, SampleByKeyOptions } from "./pairs/sampling-by-key.ts";
export { StatusTracker } from "./status-tracker.ts";
export { StorageLevel } from "./storage-level.ts";
export { barrierContext, taskContext } from "./task-context.ts";
export { Rdd } from "./rdd.ts";
export { RddBarrier } from "./transformations/barrier.ts";
export type { MapAsyncOptions } from "./transformations/elements.ts";
export type { MapPartitionsOptions } from "./transformations/partitions.ts";
export type { PipeOptions } from "./transformations/piping.ts";
export type { SortOptions } from "./transformations/sorting.ts";
export type { Element, Widen } from "./types.ts";
export { onExecutor, type ExecutorValue } from "@gloam/closure";
export type {
  BarrierContext,
  BarrierTaskInfo,
  DriverTraffic,
  ExecutorStatus,
  JobInfo,
  Moments,
  Partitioner,
  RunningTask,
  SplitMerging,
  StageInfo,
  TaskResources,
} from "@gloam/plan";
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
export { Stats } from "@gloam/plan";
