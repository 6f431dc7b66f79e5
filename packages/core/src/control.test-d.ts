import { expectTypeOf, test } from "vitest";
import type { GloamContext } from "./context.ts";
import type { Partitioner } from "@gloam/plan";
import type {
  files as addedFiles,
  GloamContextOptions,
  GloamEvent,
  GloamListener,
  JobInfo,
  Rdd,
  RddDependency,
  StageInfo,
} from "./index.ts";

declare const gc: GloamContext;
declare const files: typeof addedFiles;

test("what an RDD says of itself", () => {
  const rdd = gc.range(3).map((x) => [x, "a"]);
  expectTypeOf(rdd.setName("pairs")).toEqualTypeOf<Rdd<[number, string]>>();
  expectTypeOf(rdd.name).toEqualTypeOf<string | undefined>();
  expectTypeOf(rdd.id).toEqualTypeOf<number>();
  expectTypeOf(rdd.partitioner).toEqualTypeOf<Partitioner | undefined>();
  expectTypeOf(rdd.dependencies).toEqualTypeOf<readonly RddDependency[]>();
  expectTypeOf(rdd.preferredLocations(0)).toEqualTypeOf<Promise<readonly string[]>>();
  expectTypeOf(rdd.toDebugString()).toEqualTypeOf<string>();
});

test("control of jobs", () => {
  expectTypeOf(gc.runJob(gc.range(3), (numbers, task) => [...numbers].length + task.partition)).toEqualTypeOf<
    Promise<number[]>
  >();
  expectTypeOf(gc.withProperties({ a: "b", c: undefined }, () => gc.range(1).count())).toEqualTypeOf<Promise<number>>();
  expectTypeOf(gc.getLocalProperty("a")).toEqualTypeOf<string | undefined>();
  expectTypeOf(gc.statusTracker.getJobInfo(1)).toEqualTypeOf<Promise<JobInfo | undefined>>();
  expectTypeOf(gc.statusTracker.getStageInfo(1)).toEqualTypeOf<Promise<StageInfo | undefined>>();
  gc.addListener((event) => {
    expectTypeOf(event).toEqualTypeOf<GloamEvent>();
    if (event.type === "taskEnd") expectTypeOf(event.metrics.duration).toEqualTypeOf<number>();
  });
});

test("what executors and listeners are given", () => {
  expectTypeOf(gc.addFile("x", "y")).toEqualTypeOf<Promise<string>>();
  expectTypeOf(files.get("y")).toEqualTypeOf<string>();
  const heard: string[] = [];
  const options: GloamContextOptions = { listeners: [({ type }) => heard.push(type)] };
  expectTypeOf(options.listeners).toEqualTypeOf<readonly GloamListener[] | undefined>();
});

test("a context can be disposed of, with methods from several files", () => {
  expectTypeOf<GloamContext>().toExtend<AsyncDisposable>();
  const disposed = async (): Promise<void> => {
    await using made = gc;
    expectTypeOf(made).toEqualTypeOf<GloamContext>();
  };
  expectTypeOf(disposed).toEqualTypeOf<() => Promise<void>>();
  // @ts-expect-error -- a name is text
  gc.range(3).setName(1);
});
