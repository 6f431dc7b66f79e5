import type { TaskLaunch } from "@gloam/scheduler";
import { expect, test } from "vitest";
import { RunningTasks } from "./running-tasks.ts";

const launch = (task: number, executor: string, shuffles: readonly number[] = []): TaskLaunch => ({
  ...{ task, executor, shuffles, stage: 1, node: 1, partition: 0, attempt: 0, slot: 0, cached: [] },
  stageKind: { kind: "result", job: 1 },
});

test("tasks are counted by executor, until they end or it is lost", () => {
  const tasks = new RunningTasks();
  for (const [task, executor] of [[1, "a"], [2, "a"], [3, "b"]] as const) tasks.launched(launch(task, executor)); // prettier-ignore
  tasks.ended(1);
  tasks.ended(1);
  expect([tasks.on("a"), tasks.on("b"), tasks.on("c")]).toEqual([1, 1, 0]);
  tasks.lost("a");
  expect([tasks.on("a"), tasks.on("b")]).toEqual([0, 1]);
});

test("tasks read where they have a shuffle, a cached block or others of their barrier", () => {
  const readers: Partial<TaskLaunch>[] = [
    { shuffles: [7] },
    { cached: [{ node: 1, partition: 0, executor: "b", handle: 1 }] },
    { peers: [{ executor: "a", host: "h" }] },
  ];
  for (const reads of readers) {
    const tasks = new RunningTasks();
    const done: string[] = [];
    tasks.launched({ ...launch(1, "a"), ...reads });
    tasks.afterReaders(() => done.push("it has ended"));
    expect(done).toEqual([]);
    tasks.ended(1);
    expect(done).toEqual(["it has ended"]);
  }
});

test("what waits for those that read now waits for no other", () => {
  const tasks = new RunningTasks();
  const done: string[] = [];
  tasks.launched(launch(1, "a"));
  tasks.afterReaders(() => done.push("nobody reads"));
  expect(done).toEqual(["nobody reads"]);
  tasks.launched(launch(2, "a", [7]));
  tasks.launched(launch(3, "b", [7]));
  tasks.afterReaders(() => done.push("two read"));
  tasks.launched(launch(4, "b", [7]));
  tasks.ended(1);
  tasks.ended(2);
  expect(done).toHaveLength(1);
  tasks.lost("b");
  expect(done).toEqual(["nobody reads", "two read"]);
});
