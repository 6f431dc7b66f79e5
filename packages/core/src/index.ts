/** GloamContext and Rdd. */
// oxlint-disable import/no-unassigned-import -- each family of operations adds its methods to Rdd
import "./actions/collecting.ts";
import "./actions/counting.ts";
import "./actions/effects.ts";
import "./actions/reducing.ts";
import "./caching.ts";
import "./pairs/combining.ts";
import "./pairs/fix-skew.ts";
import "./pairs/grouping.ts";
import "./pairs/joins.ts";
import "./pairs/partitioning.ts";
import "./pairs/values.ts";
import "./transformations/elements.ts";
import "./transformations/resources.ts";
import "./transformations/partitions.ts";
import "./transformations/sets.ts";
import "./transformations/sorting.ts";

export type { Ordering } from "./actions/collecting.ts";
export type { LocalIteratorOptions } from "./actions/local-iterator.ts";
export { GloamContext, type GloamContextOptions, type RangeOptions, type TextFileOptions } from "./context.ts";
export type { SaveAsTextFileOptions } from "./actions/effects.ts";
export { Operation } from "./operation.ts";
export type { ActionOptions } from "./options.ts";
export type { CombineByKeyOptions } from "./pairs/combining.ts";
export type { EvenPartitioning, FixSkewOptions } from "./pairs/fix-skew.ts";
export type { Partitioning } from "./pairs/partitioning.ts";
export { StatusTracker } from "./status-tracker.ts";
export { barrierContext, taskContext } from "./task-context.ts";
export { Rdd } from "./rdd.ts";
export { RddBarrier } from "./transformations/barrier.ts";
export type { MapAsyncOptions } from "./transformations/elements.ts";
export type { MapPartitionsOptions } from "./transformations/partitions.ts";
export type { SortOptions } from "./transformations/sorting.ts";
export type { Element, Widen } from "./types.ts";
export { onExecutor, type ExecutorValue } from "@gloam/closure";
export type { BarrierContext, BarrierTaskInfo, ExecutorStatus, RunningTask, TaskResources } from "@gloam/plan";
