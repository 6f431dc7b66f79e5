import { describe, expect, test } from "vitest";
import type { SchedulerOptions } from "./options.ts";
import { Lineage } from "./testing/lineage.ts";
import { Story } from "./testing/story.ts";

/** Source 0 of two partitions, reducer 1 of two; the map side has run on executors "a" and "b". */
function reducing(options: SchedulerOptions = {}): { story: Story; lineage: Lineage; job: number } {
  const lineage = new Lineage();
  lineage.shuffle(lineage.source(2), 2);
  const story = new Story(options);
  story.executor("a", 1);
  story.executor("b", 1);
  const job = story.submit(lineage.job(1));
  story.finish({ node: 0, partition: 0 });
  story.finish({ node: 0, partition: 1 });
  return { story, lineage, job };
}

function oneTask(options: SchedulerOptions = {}): { story: Story; job: number } {
  const lineage = new Lineage();
  const story = new Story(options);
  story.executor("a", 1);
  return { story, job: story.submit(lineage.job(lineage.source(1))) };
}

describe("attempts", () => {
  test("a task is tried four times; the job fails with the last error", () => {
    const { story, job } = oneTask();
    for (let attempt = 0; attempt < 3; attempt++) story.fail({ attempt });
    story.fail({ attempt: 3 }, { kind: "exception", error: "the last" });
    story.did({ type: "jobFailed", job, failure: { kind: "taskFailed", partition: 0, attempt: 3, error: "the last" } });
  });

  test("one attempt in local mode", () => {
    const { story } = oneTask({ maxTaskFailures: 1 });
    story.fail({});
    story.did({ type: "jobFailed", failure: { kind: "taskFailed", error: "oops" } });
  });

  test("kills from outside and denied commits don't count", () => {
    const { story } = oneTask({ maxTaskFailures: 1 });
    story.fail({}, { kind: "killed" });
    story.fail({}, { kind: "commitDenied" });
    story.did({ type: "launchTask", launch: { attempt: 2 } });
  });

  test("a failed job's other stages and tasks are cancelled", () => {
    const lineage = new Lineage();
    const left = lineage.shuffle(lineage.source(1), 1);
    const right = lineage.shuffle(lineage.source(1), 1);
    const story = new Story({ maxTaskFailures: 1 });
    story.executor("a", 2);
    story.submit(lineage.job(lineage.union([left, right])));
    story.fail({ node: 0 });
    story.did({ type: "killTask" });
    story.did({ type: "stageFinished", succeeded: false });
    story.did({ type: "jobFailed" });
  });

  test("a stage's failure fails every job that shares it", () => {
    const lineage = new Lineage();
    const reducer = lineage.shuffle(lineage.source(1), 1);
    const story = new Story({ maxTaskFailures: 1 });
    story.executor("a", 1);
    story.submit(lineage.job(reducer));
    story.submit(lineage.job(reducer));
    story.fail({ node: 0 });
    expect([...story.ends.values()]).toMatchObject([{ type: "jobFailed" }, { type: "jobFailed" }]);
  });

  test("late and repeated reports about ended tasks change nothing", () => {
    const { story } = oneTask();
    const { task } = story.task({});
    story.runAll();
    for (const outcome of [{ kind: "result", value: 2 } as const]) story.tell({ type: "taskFinished", task, outcome });
    expect(story.last).toEqual([]);
    story.tell({ type: "taskFailed", task, failure: { kind: "exception", error: "late" } });
    expect(story.last).toEqual([]);
  });
});

describe("fetch failures", () => {
  test("the named map task runs again, then the reduce tasks that are missing", () => {
    const { story } = reducing();
    story.finish({ node: 1, partition: 0 });
    story.failFetch({ node: 1, partition: 1 }, 0, 1);
    story.did({ type: "dropMapOutputs", shuffle: 0, outputs: [{ partition: 1 }] });
    story.did({ type: "launchTask", launch: { node: 0, partition: 1, attempt: 1 } });
    expect(story.tasks()).toHaveLength(1);
    story.finish({ node: 0, partition: 1 });
    story.did({ type: "stageStarted", attempt: 1, tasks: 1 });
    story.did({ type: "launchTask", launch: { node: 1, partition: 1 } });
    story.runAll();
    story.did({ type: "jobFinished" });
  });

  test("a report about an output that was replaced since leaves the new one alone", () => {
    const { story } = reducing();
    const old = story.scheduler.mapOutputs(0)[1]?.task;
    story.failFetch({ node: 1, partition: 0 }, 0, 1);
    story.finish({ node: 0, partition: 1 });
    story.failFetch({ node: 1, partition: 1, attempt: 0 }, 0, 1, old);
    story.didNot({ type: "dropMapOutputs" });
    story.runAll();
    story.did({ type: "jobFinished" });
  });

  test("running tasks of the failed attempt go on and count", () => {
    const { story, job } = reducing();
    story.failFetch({ node: 1, partition: 0 }, 0, 0);
    story.finish({ node: 1, partition: 1 });
    story.did({ type: "partitionResult", job, index: 1 });
    story.finish({ node: 0, partition: 0 });
    story.did({ type: "stageStarted", attempt: 1, tasks: 1 });
  });

  test("four attempts in a row that cannot fetch abort the stage", () => {
    const { story, job } = reducing();
    for (let attempt = 0; attempt < 3; attempt++) {
      story.failFetch({ node: 1, partition: 0 }, 0, 0);
      story.finish({ node: 0, partition: 0 });
    }
    story.failFetch({ node: 1, partition: 0 }, 0, 0);
    story.did({ type: "jobFailed", job, failure: { kind: "stageAborted", error: "gone" } });
  });

  test("an executor that fails two attempts in a row loses all its outputs of the shuffle", () => {
    const lineage = new Lineage();
    lineage.shuffle(lineage.source(6), 1);
    const story = new Story();
    story.executor("a", 6);
    story.submit(lineage.job(1));
    for (let partition = 0; partition < 6; partition++) story.finish({ partition });
    story.failFetch({ node: 1 }, 0, 0);
    expect(story.tasks()).toHaveLength(1);
    story.finish({ partition: 0 });
    story.failFetch({ node: 1 }, 0, 1);
    expect(story.tasks()).toHaveLength(6);
    story.runAll();
    story.did({ type: "jobFinished" });
  });

  test("several failed fetches of one attempt count once", () => {
    const { story } = reducing({ maxStageAttempts: 2 });
    story.failFetch({ node: 1, partition: 0 }, 0, 0);
    story.fail(
      { node: 1, partition: 1 },
      { kind: "fetchFailed", shuffle: 0, mapPartition: 1, mapTask: 1, error: "gone" },
    );
    story.didNot({ type: "jobFailed" });
    story.runAll();
    story.did({ type: "jobFinished" });
  });
});

describe("lost executors", () => {
  test("outputs and tasks are gone, and nothing counts", () => {
    const { story } = reducing({ maxTaskFailures: 1, maxStageAttempts: 1 });
    story.loseExecutor("b");
    story.executor("c", 1);
    story.did({ type: "launchTask", launch: { node: 0, partition: 1, executor: "c" } });
    story.runAll();
    story.did({ type: "jobFinished" });
  });

  test("the loss counts if one of its tasks did it", () => {
    const { story } = oneTask({ maxTaskFailures: 1 });
    story.loseExecutor("a", true);
    story.did({ type: "jobFailed", failure: { kind: "taskFailed", error: "gone" } });
  });

  test("a map stage that is running computes its lost outputs again", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.executor("a", 1);
    story.executor("b", 1);
    story.submit(lineage.job(lineage.shuffle(lineage.source(3), 1)));
    story.finish({ partition: 0 });
    const { executor } = story.task({ partition: 2 });
    story.loseExecutor(executor);
    story.runAll();
    story.did({ type: "jobFinished" });
  });

  test("a lost worker fails its task, which counts, and only that task", () => {
    const { story, job } = oneTask({ maxTaskFailures: 2 });
    const { task } = story.task({});
    story.running.clear();
    story.tell({ type: "workerLost", executor: "a", slot: 0, task, error: "exit 1" });
    story.did({ type: "launchTask", launch: { attempt: 1 } });
    story.tell({ type: "workerLost", executor: "a", slot: 0, task, error: "exit 1, said twice" });
    expect(story.last).toEqual([]);
    story.running.clear();
    story.tell({ type: "workerLost", executor: "a", slot: 0, error: "exit 1" });
    story.did({ type: "jobFailed", job, failure: { kind: "taskFailed", error: "exit 1" } });
  });

  test("a result that cannot be brought to the driver counts, and its task runs again", () => {
    const { story, job } = oneTask({ maxTaskFailures: 2 });
    story.fail({}, { kind: "resultLost", error: "unreachable" });
    story.did({ type: "launchTask", launch: { attempt: 1 } });
    story.fail({}, { kind: "resultLost", error: "unreachable" });
    story.did({ type: "jobFailed", job, failure: { kind: "taskFailed", error: "unreachable" } });
  });

  test("tasks wait for a first executor, but not for ever", () => {
    const lineage = new Lineage();
    const story = new Story({ executorWait: 5000 });
    story.submit(lineage.job(lineage.source(2)));
    story.did({ type: "requestExecutors", slots: 2 });
    story.wait(4999);
    expect(story.ends.size).toBe(0);
    story.wait(1);
    expect(story.ends.get(0)).toMatchObject({ failure: { kind: "noExecutors" } });
  });
});

describe("no more executors", () => {
  test("jobs go on with those that there are, and fail with the reason when they have gone", () => {
    const { story, job } = oneTask();
    story.tell({ type: "noMoreExecutors", reason: "none starts", error: "why" });
    expect(story.tasks()).toHaveLength(1);
    story.loseExecutor("a");
    story.did({ type: "jobFailed", job, failure: { kind: "noExecutors", reason: "none starts", error: "why" } });
  });

  test("later jobs fail at once", () => {
    const { story } = oneTask();
    story.loseExecutor("a");
    story.didNot({ type: "jobFailed" });
    story.tell({ type: "noMoreExecutors", reason: "none starts" });
    story.did({ type: "jobFailed", failure: { kind: "noExecutors" } });
    const lineage = new Lineage();
    story.submit(lineage.job(lineage.source(1)));
    story.did({ type: "jobFailed", failure: { kind: "noExecutors" } });
  });

  test("one that only keeps blocks is no help", () => {
    const { story } = oneTask();
    story.tell({ type: "executorAdded", executor: "refuge", host: "driver", slots: 0 });
    story.tell({ type: "noMoreExecutors", reason: "none starts" });
    story.didNot({ type: "jobFailed" });
    story.loseExecutor("a");
    story.did({ type: "jobFailed", failure: { kind: "noExecutors", reason: "none starts" } });
  });

  test("one that is leaving is as good as gone", () => {
    const { story } = oneTask();
    story.tell({ type: "executorDraining", executor: "a" });
    story.tell({ type: "noMoreExecutors", reason: "none starts" });
    story.didNot({ type: "jobFailed" });
    story.fail({});
    story.did({ type: "jobFailed", failure: { kind: "noExecutors" } });
  });
});

describe("draining", () => {
  test("no new tasks, blocks move, and the empty executor may go", () => {
    const { story, lineage } = reducing();
    story.tell({ type: "executorDraining", executor: "a" });
    story.did({ type: "migrateBlocks", executor: "a", outputs: [{ shuffle: 0, output: { partition: 0 } }] });
    story.finish({ executor: "a" });
    story.tell({
      type: "blocksMoved",
      epoch: 1,
      moves: [{ kind: "mapOutput", shuffle: 0, partition: 0, task: 0, to: "b", handle: "moved" }],
    });
    story.did({ type: "releaseExecutor", executor: "a" });
    expect(story.scheduler.mapOutputs(0)[0]).toMatchObject({ executor: "b", handle: "moved", task: 0 });
    story.submit(lineage.job(0));
    story.didNot({ type: "launchTask", launch: { executor: "a" } });
  });

  test("an output that a running task leaves on a draining executor moves too", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.executor("a", 1);
    story.submit(lineage.job(lineage.shuffle(lineage.source(2), 1)));
    story.tell({ type: "executorDraining", executor: "a" });
    story.finish({ partition: 0 });
    story.did({ type: "migrateBlocks", executor: "a", outputs: [{ output: { task: 0 } }] });
    story.didNot({ type: "releaseExecutor" });
  });

  test("a copy that arrives after its shuffle was released is dropped where it arrives", () => {
    const { story } = reducing();
    story.runAll();
    story.tell({ type: "executorDraining", executor: "a" });
    story.tell({ type: "shufflesReleased", shuffles: [0] });
    story.did({ type: "releaseExecutor", executor: "a" });
    const moves = [{ kind: "mapOutput", shuffle: 0, partition: 0, task: 0, to: "b", handle: 1 } as const];
    story.tell({ type: "blocksMoved", epoch: 1, moves });
    story.did({ type: "dropMapOutputs", shuffle: 0, outputs: [{ executor: "b", task: 0 }] });
  });
});
