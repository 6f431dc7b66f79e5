import { describe, expect, test } from "vitest";
import { Lineage } from "./testing/lineage.ts";
import { Story } from "./testing/story.ts";

describe("order of jobs", () => {
  test("fifo: the earlier job first", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.executor("a", 2);
    const first = story.submit(lineage.job(lineage.source(4)));
    story.submit(lineage.job(0));
    story.finish({ partition: 0 });
    story.did({ type: "launchTask", launch: { stageKind: { job: first } } });
  });

  test("fifo: a stage that serves an earlier job goes before, also when it came later", () => {
    const lineage = new Lineage();
    const reducer = lineage.shuffle(lineage.source(2), 1);
    const other = lineage.source(3);
    const story = new Story();
    story.executor("a", 1);
    const first = story.submit(lineage.job(reducer));
    story.submit(lineage.job(other));
    story.finish({ node: 0 });
    story.finish({ node: 0 });
    story.did({ type: "launchTask", launch: { stageKind: { job: first } } });
  });

  test("fair: pools share slots by weight", () => {
    const lineage = new Lineage();
    const story = new Story({ mode: "fair", pools: [{ name: "heavy", weight: 2 }] });
    story.submit(lineage.job(lineage.source(9)), { pool: "light" });
    story.submit(lineage.job(0), { pool: "heavy" });
    story.executor("a", 6);
    expect(story.tasks({ stageKind: { job: 0 } })).toHaveLength(2);
    expect(story.tasks({ stageKind: { job: 1 } })).toHaveLength(4);
  });

  test("fair: a pool below its minimum share comes first", () => {
    const lineage = new Lineage();
    const story = new Story({ mode: "fair", pools: [{ name: "small", minShare: 3 }] });
    story.submit(lineage.job(lineage.source(9)), { pool: "large" });
    story.submit(lineage.job(0), { pool: "small" });
    story.executor("a", 4);
    expect(story.tasks({ stageKind: { job: 1 } })).toHaveLength(3);
  });

  test("fair: jobs inside a fair pool take turns", () => {
    const lineage = new Lineage();
    const story = new Story({ mode: "fair", pools: [{ name: "even", mode: "fair" }] });
    story.submit(lineage.job(lineage.source(9)), { pool: "even" });
    story.submit(lineage.job(0), { pool: "even" });
    story.executor("a", 4);
    expect(story.tasks({ stageKind: { job: 0 } })).toHaveLength(2);
  });

  test("fair: a shared stage moves to the pool of the job that is left", () => {
    const lineage = new Lineage();
    const reducer = lineage.shuffle(lineage.source(4), 1);
    const story = new Story({ mode: "fair" });
    story.executor("a", 1);
    const first = story.submit(lineage.job(reducer), { pool: "one" });
    story.submit(lineage.job(reducer), { pool: "two" });
    story.cancel(first);
    expect([...story.scheduler.state().pools.pools.keys()]).toEqual(["two"]);
  });
});

describe("commits", () => {
  test("one attempt may commit; when it fails, another may", () => {
    const lineage = new Lineage();
    const story = new Story({ speculation: { quantile: 0.5, multiplier: 1, interval: 100, minimumRuntime: 100 } });
    story.executor("a", 2);
    story.executor("b", 2);
    story.submit(lineage.job(lineage.source(2)));
    story.finish({ partition: 0 });
    story.wait(300);
    const [first, second] = story.tasks({ partition: 1 });
    story.tell({ type: "commitAsked", task: second?.task ?? -1 });
    story.did({ type: "grantCommit", task: second?.task });
    story.tell({ type: "commitAsked", task: first?.task ?? -1 });
    story.did({ type: "denyCommit", task: first?.task });
    story.fail({ attempt: 1 });
    story.tell({ type: "commitAsked", task: first?.task ?? -1 });
    story.did({ type: "grantCommit", task: first?.task });
  });

  test("a killed task is denied, a forgotten one not answered", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.executor("a", 1);
    const job = story.submit(lineage.job(lineage.source(1)));
    const { task } = story.task({});
    story.cancel(job);
    story.tell({ type: "commitAsked", task });
    story.did({ type: "denyCommit", task, executor: "a" });
    story.endKilled(task);
    expect(story.tell({ type: "commitAsked", task })).toEqual([]);
  });
});

describe("speculation", () => {
  function slowTask(): Story {
    const lineage = new Lineage();
    const story = new Story({ speculation: {} });
    story.executor("a", 2);
    story.executor("b", 3);
    story.submit(lineage.job(lineage.source(4)));
    story.wait(200);
    for (const partition of [0, 1, 2]) story.finish({ partition });
    return story;
  }

  test("a task that runs much longer than the median gets one copy, elsewhere", () => {
    const story = slowTask();
    story.wait(99);
    expect(story.tasks()).toHaveLength(1);
    const [{ executor } = { executor: "" }] = story.tasks();
    story.wait(301);
    expect(story.tasks()).toHaveLength(2);
    expect(story.task({ attempt: 1 }).executor).not.toBe(executor);
    story.wait(1000);
    expect(story.tasks()).toHaveLength(2);
  });

  test("the faster attempt counts, the other is killed", () => {
    const story = slowTask();
    story.wait(400);
    const { task } = story.task({ attempt: 0 });
    story.finish({ attempt: 1 });
    story.did({ type: "killTask", task });
    story.did({ type: "jobFinished" });
  });

  test("a failed copy leaves the first attempt running", () => {
    const story = slowTask();
    story.wait(400);
    story.fail({ attempt: 1 });
    expect(story.task({ attempt: 0 })).toBeDefined();
    story.finish({ attempt: 0 });
    story.did({ type: "jobFinished" });
  });

  test("no timer rings when there is nothing to watch", () => {
    const story = slowTask();
    story.runAll();
    story.wait(200);
    story.wait(10_000);
    story.didNot({ type: "setTimer" });
  });
});

describe("exclusion", () => {
  test("a task is not tried twice where it failed", () => {
    const lineage = new Lineage();
    const story = new Story({ exclusion: {} });
    story.executor("a", 2);
    story.executor("b", 1);
    story.submit(lineage.job(lineage.source(1)));
    const { executor } = story.task({});
    story.fail({});
    expect(story.task({}).executor).not.toBe(executor);
  });

  test("an executor that keeps failing is left out until its time is over", () => {
    const lineage = new Lineage();
    const story = new Story({ exclusion: { timeout: 1000 } });
    story.executor("a", 2);
    story.submit(lineage.job(lineage.source(2)));
    story.executor("b", 1);
    story.fail({ partition: 0 });
    story.fail({ partition: 1 });
    story.runAll();
    story.submit(lineage.job(0));
    expect(story.tasks({ executor: "a" })).toEqual([]);
    story.wait(1000);
    expect(story.tasks({ executor: "a" })).toHaveLength(1);
  });

  test("jobs fail when every executor is left out", () => {
    const lineage = new Lineage();
    const story = new Story({ exclusion: {} });
    story.executor("a", 1);
    story.submit(lineage.job(lineage.source(1)));
    story.fail({});
    story.fail({});
    story.did({ type: "jobFailed", failure: { kind: "noExecutors" } });
  });
});

describe("demand", () => {
  test("slots are asked for when there are too few, and no longer when nothing waits", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.submit(lineage.job(lineage.source(3)));
    story.did({ type: "requestExecutors", slots: 3 });
    story.executor("a", 4);
    story.runAll();
    story.did({ type: "requestExecutors", slots: 0 });
    story.submit(lineage.job(0));
    story.didNot({ type: "requestExecutors" });
  });

  test("fewer are asked for when half of them would do, and as many as before when they are needed again", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.submit(lineage.job(lineage.shuffle(lineage.source(4), 4)));
    story.did({ type: "requestExecutors", slots: 4 });
    story.executor("a", 2);
    story.finish({ node: 0, partition: 0 });
    story.didNot({ type: "requestExecutors" });
    story.finish({ node: 0, partition: 1 });
    story.did({ type: "requestExecutors", slots: 2 });
    story.finish({ node: 0, partition: 2 });
    story.did({ type: "requestExecutors", slots: 1 });
    story.finish({ node: 0, partition: 3 });
    story.did({ type: "requestExecutors", slots: 4 });
  });

  test("an executor may get more slots, and fewer when they are free", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.executor("a", 1);
    story.submit(lineage.job(lineage.source(9)));
    story.executor("a", 3);
    expect(story.tasks()).toHaveLength(3);
    story.executor("a", 1);
    story.finish({ slot: 2 });
    story.didNot({ type: "launchTask" });
    story.finish({ slot: 0 });
    story.did({ type: "launchTask", launch: { slot: 0 } });
  });
});
