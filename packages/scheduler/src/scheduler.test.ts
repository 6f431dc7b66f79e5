import { describe, expect, test } from "vitest";
import { Lineage } from "./testing/lineage.ts";
import { Story } from "./testing/story.ts";

/** Two map tasks, a shuffle, two reduce tasks; source 0, reducer 1, shuffle 0. */
function mapAndReduce(): { story: Story; lineage: Lineage; reducer: number } {
  const lineage = new Lineage();
  const reducer = lineage.shuffle(lineage.source(2), 2);
  const story = new Story();
  story.executor("a", 2);
  story.executor("b", 2);
  return { story, lineage, reducer };
}

describe("jobs and stages", () => {
  test("a job of one stage runs its partitions and delivers each result once", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.executor("a", 2);
    const job = story.submit(lineage.job(lineage.map(lineage.source(3))));
    story.did({ type: "launchTask", launch: { node: 1, partition: 0, attempt: 0, executor: "a", slot: 0 } });
    story.did({ type: "launchTask", launch: { partition: 1, slot: 1 } });
    story.runAll();
    story.did({ type: "jobFinished", job });
    expect(story.results.get(job)).toEqual(["1/0", "1/1", "1/2"]);
  });

  test("results come by their index in the job's list of partitions", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.executor("a", 1);
    const job = story.submit(lineage.job(lineage.source(9), [7, 2]));
    story.runAll();
    expect(story.results.get(job)).toEqual(["0/7", "0/2"]);
  });

  test("a job of no partitions finishes at once", () => {
    const story = new Story();
    const lineage = new Lineage();
    story.submit(lineage.job(lineage.source(4), []));
    story.did({ type: "jobFinished" });
  });

  test("a reduce stage starts when the last map output is there", () => {
    const { story, lineage, reducer } = mapAndReduce();
    story.submit(lineage.job(reducer));
    story.finish({ node: 0, partition: 0 });
    story.didNot({ type: "launchTask" });
    story.finish({ node: 0, partition: 1 });
    story.did({ type: "launchTask", launch: { node: 1, shuffles: [0] } });
  });

  test("a shuffle without map partitions is there from the beginning", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.executor("a", 2);
    story.submit(lineage.job(lineage.shuffle(lineage.source(0), 2)));
    expect(story.scheduler.mapOutputs(0)).toEqual([]);
    story.runAll();
    story.did({ type: "jobFinished" });
  });

  test("map outputs come in map order, as the same array until one changes", () => {
    const { story, lineage, reducer } = mapAndReduce();
    story.submit(lineage.job(reducer));
    story.finish({ node: 0, partition: 1 });
    story.finish({ node: 0, partition: 0 });
    const outputs = story.scheduler.mapOutputs(0);
    expect(outputs).toMatchObject([
      { partition: 0, task: 0 },
      { partition: 1, task: 1 },
    ]);
    story.finish({ node: reducer, partition: 0 });
    expect(story.scheduler.mapOutputs(0)).toBe(outputs);
  });

  test("a later job skips the stages whose outputs are there", () => {
    const { story, lineage, reducer } = mapAndReduce();
    story.submit(lineage.job(reducer));
    story.runAll();
    story.submit(lineage.job(lineage.map(reducer)));
    story.did({ type: "launchTask", launch: { node: 2, shuffles: [0] } });
    story.didNot({ type: "stageStarted", kind: { kind: "shuffleMap" } });
  });

  test("two jobs share a stage, and it outlives the one that is cancelled", () => {
    const { story, lineage, reducer } = mapAndReduce();
    const first = story.submit(lineage.job(reducer));
    const second = story.submit(lineage.job(reducer));
    story.didNot({ type: "launchTask" });
    story.cancel(first);
    story.didNot({ type: "killTask" });
    story.runAll();
    expect(story.ends.get(second)).toMatchObject({ type: "jobFinished" });
  });

  test("cancelling kills what no other job needs and frees slots when executors say so", () => {
    const { story, lineage, reducer } = mapAndReduce();
    const job = story.submit(lineage.job(reducer));
    story.cancel(job);
    story.did({ type: "killTask", task: 0 });
    story.did({ type: "jobFailed", job, failure: { kind: "cancelled", reason: "enough" } });
    story.submit(lineage.job(0));
    expect(story.tasks().map(({ slot }) => slot)).toEqual([1, 1]);
  });

  test("the same job twice is one job, and cancelling an ended one does nothing", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.executor("a", 1);
    const job = story.submit(lineage.job(lineage.source(1)));
    expect(story.tell({ type: "jobSubmitted", job, graph: lineage.job(0), properties: {} })).toEqual([]);
    story.runAll();
    story.cancel(job);
    expect(story.last).toEqual([]);
  });

  test("progress is told with every change", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.executor("a", 1);
    story.submit(lineage.job(lineage.source(2)));
    story.did({ type: "stageProgress", finished: 0, running: 1, failed: 0, tasks: 2 });
    story.finish({ partition: 0 });
    story.did({ type: "stageProgress", finished: 1, running: 1 });
    story.fail({ partition: 1 });
    story.did({ type: "stageProgress", finished: 1, running: 1, failed: 1 });
    story.finish({ partition: 1 });
    story.did({ type: "stageFinished", attempt: 0, succeeded: true });
  });
});

describe("cached partitions", () => {
  test("what lies behind cached blocks is not computed", () => {
    const { story, lineage, reducer } = mapAndReduce();
    const cached = lineage.map(reducer, { persisted: true });
    story.submit(lineage.job(cached));
    story.finish({ node: 0, partition: 0 });
    story.finish({ node: 0, partition: 1 });
    story.cache({ partition: 0 }, cached);
    story.cache({ partition: 1 }, cached);
    story.runAll();
    story.tell({ type: "shufflesReleased", shuffles: [0] });
    story.did({ type: "dropMapOutputs", shuffle: 0 });
    story.submit(lineage.job(lineage.map(cached)));
    story.did({ type: "launchTask", launch: { shuffles: [], cached: [{ node: cached, partition: 0 }] } });
  });

  test("a lost block brings back what lies behind it, for its partition only", () => {
    const lineage = new Lineage();
    const cached = lineage.map(lineage.shuffle(lineage.source(1), 2), { persisted: true });
    const story = new Story();
    story.executor("a", 4);
    story.submit(lineage.job(cached));
    story.finish({ node: 0 });
    story.cache({ partition: 0 }, cached);
    story.cache({ partition: 1 }, cached);
    story.runAll();
    story.tell({ type: "shufflesReleased", shuffles: [0] });
    story.tell({ type: "blocksLost", blocks: [{ node: cached, partition: 1, executor: "a" }] });
    story.submit(lineage.job(cached));
    story.did({ type: "stageStarted", kind: { kind: "shuffleMap", shuffle: 0 } });
    story.finish({ node: 0 });
    story.did({ type: "launchTask", launch: { partition: 0, shuffles: [], cached: [{ partition: 0 }] } });
    story.did({ type: "launchTask", launch: { partition: 1, shuffles: [0], cached: [] } });
  });

  test("a missing block is forgotten and its task tried again without counting", () => {
    const lineage = new Lineage();
    const cached = lineage.source(1, { persisted: true });
    const story = new Story({ maxTaskFailures: 1 });
    story.executor("a", 1);
    story.submit(lineage.job(cached));
    story.cache({ partition: 0 }, cached);
    story.runAll();
    story.submit(lineage.job(cached));
    story.fail({ partition: 0 }, { kind: "cachedBlockMissing", node: cached, partition: 0, error: "gone" });
    story.did({ type: "dropCachedBlocks", blocks: [{ node: cached, partition: 0 }] });
    story.did({ type: "launchTask", launch: { attempt: 1, cached: [] } });
  });
});

describe("cleaning", () => {
  test("a released shuffle is forgotten also where its outputs are lost, or it never had any", () => {
    const { story, lineage, reducer } = mapAndReduce();
    lineage.shuffle(lineage.source(0), 1);
    story.submit(lineage.job(reducer));
    story.runAll();
    story.loseExecutor("a");
    story.loseExecutor("b");
    for (const shuffle of [0, 1]) {
      story.tell({ type: "shufflesReleased", shuffles: [shuffle] });
      story.did({ type: "forgetShuffle", shuffle });
      story.didNot({ type: "dropMapOutputs" });
    }
  });

  test("released shuffles and caches go when the last job that may read them ends", () => {
    const { story, lineage, reducer } = mapAndReduce();
    const cached = lineage.map(reducer, { persisted: true });
    const first = story.submit(lineage.job(cached));
    const second = story.submit(lineage.job(cached));
    story.finish({ node: 0, partition: 0 });
    story.finish({ node: 0, partition: 1 });
    story.cache({ partition: 0, stageKind: { job: first } }, cached);
    story.tell({ type: "shufflesReleased", shuffles: [0] });
    story.tell({ type: "nodesUnpersisted", nodes: [cached] });
    expect(story.last).toEqual([]);
    story.cancel(first);
    story.didNot({ type: "dropMapOutputs" });
    story.cancel(second);
    story.did({ type: "dropMapOutputs", shuffle: 0, outputs: [{ partition: 0 }, { partition: 1 }] });
    story.did({ type: "dropCachedBlocks", blocks: [{ node: cached }] });
  });

  test("what a killed task leaves behind is dropped", () => {
    const { story, lineage, reducer } = mapAndReduce();
    lineage.persist(0, true);
    story.cancel(story.submit(lineage.job(reducer)));
    const [left] = story.running.values();
    story.tell({
      type: "blocksAdded",
      task: left?.task ?? -1,
      blocks: [{ node: 0, partition: 0, executor: left?.executor ?? "", handle: 1 }],
    });
    story.did({ type: "dropCachedBlocks", blocks: [{ node: 0 }] });
    if (left !== undefined) story.finishTask(left);
    story.did({ type: "dropMapOutputs", shuffle: 0, outputs: [{ task: left?.task }] });
  });
});
