import { expectTypeOf, test } from "vitest";
import { onExecutor, taskContext, type ExecutorValue, type GloamContext, type Rdd, type RunningTask, type StatusTracker } from "./index.ts"; // prettier-ignore

declare const gc: GloamContext;
declare const words: Rdd<string>;

test("jobs and the context", () => {
  expectTypeOf(gc.ready()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(gc.stop()).toEqualTypeOf<Promise<void>>();
  expectTypeOf(gc.defaultParallelism).toEqualTypeOf<number>();
  expectTypeOf(gc.statusTracker).toEqualTypeOf<StatusTracker>();
  expectTypeOf(gc.cancelJob(1, "enough")).toBeVoid();
  expectTypeOf(gc.cancelStage(1)).toBeVoid();
  expectTypeOf(gc.cancelJobGroup("group")).toBeVoid();
  expectTypeOf(gc.cancelAllJobs()).toBeVoid();
  expectTypeOf(gc.setJobGroup("group", "description")).toBeVoid();
  expectTypeOf(gc.setJobGroup(undefined)).toBeVoid();
  expectTypeOf(gc.setJobDescription("description")).toBeVoid();
  expectTypeOf(gc.setLocalProperty("name", "value")).toBeVoid();
  expectTypeOf(gc.getLocalProperty("name")).toEqualTypeOf<string | undefined>();
});

test("sources and handles", () => {
  expectTypeOf(gc.textFile("a.txt", { minPartitions: 2 })).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(gc.textFile(["a.txt", new URL("file:///b.txt")])).toEqualTypeOf<Rdd<string>>();
  expectTypeOf(words.dispose()).toBeVoid();
});

test("on executors", () => {
  expectTypeOf(taskContext()).toEqualTypeOf<RunningTask>();
  expectTypeOf(onExecutor(() => new Map<string, number>())).toEqualTypeOf<ExecutorValue<Map<string, number>>>();
});
