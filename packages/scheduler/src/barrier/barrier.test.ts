import { expect, test } from "vitest";
import type { TaskLaunch } from "../messages.ts";
import type { SchedulerOptions } from "../options.ts";
import { Lineage } from "../testing/lineage.ts";
import { Story } from "../testing/story.ts";
import type { BarrierCall } from "@gloam/plan";

/** A barrier over so many partitions, behind a shuffle of two map tasks where `shuffled`. */
function barrier(partitions: number, options: SchedulerOptions = {}): { story: Story; lineage: Lineage; node: number } {
  const lineage = new Lineage();
  const node = lineage.map(lineage.source(partitions), { barrier: true });
  return { story: new Story(options), lineage, node };
}

function call(epoch: number, handle?: string): BarrierCall {
  const content = handle === undefined ? undefined : ({ kind: "block", handle, parts: 1 } as const);
  return {
    kind: "collect",
    call: epoch,
    epoch,
    operation: "allGather",
    flow: "all",
    root: 0,
    site: undefined,
    content,
  };
}

test("all tasks are launched at once, on threads of their own, and know each other", () => {
  const { story, lineage, node } = barrier(3);
  story.tell({ type: "executorAdded", executor: "a", host: "h", slots: 4, threads: 2 });
  story.submit(lineage.job(node));
  story.didNot({ type: "launchTask" });
  story.tell({ type: "executorAdded", executor: "b", host: "h", slots: 4, threads: 2 });
  const launched = story.tasks();
  expect(launched.map(({ partition }) => partition)).toEqual([0, 1, 2]);
  expect(new Set(launched.map(({ executor, slot }) => `${executor} ${slot % 2}`)).size).toBe(3);
  expect(launched[0]!.peers).toEqual(launched.map(({ executor }) => ({ executor, host: "h" })));
  story.runAll();
  story.did({ type: "jobFinished" });
});

test("a barrier that waits for room gets it, whoever comes later", () => {
  const { story, lineage, node } = barrier(2);
  story.executor("a", 2);
  const busy = lineage.source(1);
  story.submit(lineage.job(busy));
  story.submit(lineage.job(node));
  story.submit(lineage.job(lineage.source(5)));
  expect(story.tasks()).toHaveLength(1);
  story.finish({ node: busy });
  expect(story.tasks().map((task) => task.node)).toEqual([node, node]);
});

test("results count when all are there", () => {
  const { story, lineage, node } = barrier(2);
  story.executor("a", 2);
  const job = story.submit(lineage.job(node));
  story.finish({ partition: 1 });
  story.didNot({ type: "partitionResult" });
  story.finish({ partition: 0 });
  story.did({ type: "jobFinished" });
  expect(story.results.get(job)).toEqual([`${node}/0`, `${node}/1`]);
});

test("one task fails, and all run again, those too that had ended well", () => {
  const { story, lineage, node } = barrier(3);
  story.executor("a", 3);
  story.submit(lineage.job(node));
  story.finish({ partition: 0 });
  story.fail({ partition: 1 });
  const { task } = [...story.running.values()].find(({ partition }) => partition === 2)!;
  story.did({ type: "killTask", task });
  expect(story.tasks()).toEqual([]);
  story.endKilled(task);
  expect(story.tasks().map(({ partition, attempt }) => [partition, attempt])).toEqual([[0, 1], [1, 1], [2, 1]]); // prettier-ignore
  story.runAll();
  story.did({ type: "jobFinished" });
});

test("whichever task it is that fails, attempts of all count together", () => {
  const { story, lineage, node } = barrier(2, { maxTaskFailures: 2 });
  story.executor("a", 2);
  story.submit(lineage.job(node));
  story.fail({ partition: 0 });
  for (const task of story.killed) story.endKilled(task);
  story.fail({ partition: 1 });
  story.did({ type: "jobFailed", failure: { kind: "taskFailed", partition: 1, attempt: 1 } });
});

test("an executor is lost, and all tasks run again, on another that comes", () => {
  const { story, lineage, node } = barrier(2);
  story.executor("a", 1);
  story.executor("b", 1);
  story.submit(lineage.job(node));
  story.loseExecutor("a");
  for (const task of story.killed) story.endKilled(task);
  expect(story.tasks()).toEqual([]);
  story.executor("c", 1);
  expect(story.tasks().map(({ attempt }) => attempt)).toEqual([1, 1]);
});

test("one map output is lost, and all tasks of its barrier run again", () => {
  const { story, lineage, node } = barrier(2);
  const reducer = lineage.shuffle(node, 1);
  story.executor("a", 1);
  story.executor("b", 1);
  story.submit(lineage.job(reducer));
  story.finish({ partition: 0 });
  story.finish({ partition: 1 });
  story.loseExecutor("a");
  story.executor("c", 1);
  expect(story.tasks({ node }).map(({ partition }) => partition)).toEqual([0, 1]);
  story.runAll();
  story.did({ type: "jobFinished" });
});

test("cached partitions stand for a barrier when all are there, and for nothing when one is lost", () => {
  const lineage = new Lineage();
  const node = lineage.map(lineage.source(2), { barrier: true, persisted: true });
  const story = new Story();
  story.executor("a", 2);
  story.submit(lineage.job(node));
  for (const partition of [0, 1]) story.cache({ partition }, node);
  story.runAll();
  story.submit(lineage.job(node, [1]));
  expect(story.tasks()).toMatchObject([{ partition: 1, cached: [{}] }]);
  expect(story.tasks()[0]!.peers).toBeUndefined();
  story.runAll();
  story.tell({ type: "blocksLost", blocks: [{ node, partition: 0, executor: "a" }] });
  story.submit(lineage.job(node));
  story.did({ type: "dropCachedBlocks" });
  expect(story.tasks().map(({ cached, peers }) => [cached.length, peers?.length])).toEqual([[0, 2], [0, 2]]); // prettier-ignore
});

/** Two jobs over one cached barrier of two partitions, of which the first runs and has cached one. */
function shared() {
  const lineage = new Lineage();
  const node = lineage.map(lineage.source(2), { barrier: true, persisted: true });
  const story = new Story();
  story.executor("a", 2);
  const first = story.submit(lineage.job(node));
  const [one, two] = story.tasks();
  const second = story.submit(lineage.job(lineage.map(node)));
  const cache = ({ task, executor, partition }: TaskLaunch, handle: string): void => {
    story.tell({ type: "blocksAdded", task, blocks: [{ node, partition, executor, handle }] });
  };
  const places = () =>
    [0, 1].map((at) =>
      story.scheduler
        .state()
        .blocks.of(node, at)
        .map(({ handle }) => handle),
    );
  cache(one!, "first/0");
  return { lineage, story, node, first, second, one: one!, two: two!, cache, places };
}

test("of two jobs over one cached barrier the second computes all of it where some is not cached yet", () => {
  const { story, first, second, one, two, cache, places } = shared();
  story.executor("b", 2);
  const others = story.tasks({ executor: "b" });
  expect(others.map(({ cached, peers }) => [cached.length, peers?.length])).toEqual([[0, 2], [0, 2]]); // prettier-ignore
  // What it caches does not belong to what the first one does.
  cache(others[1]!, "second/1");
  story.did({ type: "dropCachedBlocks", blocks: [{ handle: "second/1" }] });
  cache(two, "first/1");
  cache(others[0]!, "second/0");
  story.did({ type: "dropCachedBlocks", blocks: [{ handle: "second/0" }] });
  expect(places()).toEqual([["first/0"], ["first/1"]]);
  for (const task of [...others, one, two]) story.finishTask(task);
  expect([first, second].map((job) => story.ends.get(job)?.type)).toEqual(["jobFinished", "jobFinished"]);
});

test("what an attempt of a barrier has left of its blocks when it fails goes for another's", () => {
  const { story, first, one, two, cache, places } = shared();
  story.executor("b", 2);
  const others = story.tasks({ executor: "b" });
  story.cancel(first);
  for (const { task } of [one, two]) story.endKilled(task);
  cache(others[1]!, "second/1");
  story.did({ type: "dropCachedBlocks", blocks: [{ handle: "first/0" }] });
  cache(others[0]!, "second/0");
  expect(places()).toEqual([["second/0"], ["second/1"]]);
});

test("a barrier that waited for room needs none when another job has cached all of it meanwhile", () => {
  const { story, second, two, one, cache } = shared();
  cache(two, "first/1");
  story.finishTask(one);
  story.finishTask(two);
  expect(story.tasks().map(({ cached, peers }) => [cached.length, peers])).toEqual([[1, undefined], [1, undefined]]); // prettier-ignore
  story.runAll();
  story.did({ type: "jobFinished", job: second });
});

test("blocks of a barrier that have moved are still those of their attempt", () => {
  const { story, node, one, two, cache, places } = shared();
  story.executor("b", 2);
  const others = story.tasks({ executor: "b" });
  const block = { node, partition: 0, executor: "a", handle: "first/0" };
  story.tell({ type: "blocksMoved", epoch: 1, moves: [{ kind: "cached", block, to: "b", handle: "moved" }] });
  cache(others[1]!, "second/1");
  story.did({ type: "dropCachedBlocks", blocks: [{ handle: "second/1" }] });
  cache(two, "first/1");
  for (const task of [one, two, ...others]) story.finishTask(task);
  expect(places()).toEqual([["moved"], ["first/1"]]);
});

test("what is computed from a cached barrier and cached too is kept of one attempt of it", () => {
  const lineage = new Lineage();
  const node = lineage.map(lineage.source(2), { barrier: true, persisted: true });
  const mapped = lineage.map(node, { persisted: true });
  const story = new Story();
  story.executor("a", 2);
  const cache = (pattern: { partition: number }, of: number, handle: string): void => {
    const { task, executor } = story.task(pattern);
    story.tell({ type: "blocksAdded", task, blocks: [{ node: of, executor, ...pattern, handle }] });
  };
  const compute = (attempt: string): void => {
    story.submit(lineage.job(node));
    for (const partition of [0, 1]) cache({ partition }, node, `${attempt} ${partition}`);
    story.runAll();
  };
  compute("first");
  story.submit(lineage.job(mapped, [0]));
  cache({ partition: 0 }, mapped, "of the first");
  story.runAll();
  story.tell({ type: "blocksLost", blocks: [{ node, partition: 1, executor: "a" }] });
  compute("second");
  story.submit(lineage.job(mapped, [1]));
  cache({ partition: 1 }, mapped, "of the second");
  story.did({ type: "dropCachedBlocks", blocks: [{ handle: "of the first" }] });
});

test("a cached partition that is not there where it should be sends the whole job into the barrier, and results come once", () => {
  const lineage = new Lineage();
  const node = lineage.map(lineage.source(2), { barrier: true, persisted: true });
  const story = new Story();
  story.executor("a", 2);
  story.submit(lineage.job(node));
  for (const partition of [0, 1]) story.cache({ partition }, node);
  story.runAll();
  const job = story.submit(lineage.job(node));
  story.finish({ partition: 0 });
  story.fail({ partition: 1 }, { kind: "cachedBlockMissing", node, partition: 1, error: "gone" });
  expect(story.tasks().map(({ peers }) => peers?.length)).toEqual([2, 2]);
  story.runAll();
  story.did({ type: "jobFinished", job });
});

test("tasks may commit when all ask", () => {
  const { story, lineage, node } = barrier(2);
  story.executor("a", 2);
  story.submit(lineage.job(node));
  const [first, second] = story.tasks();
  story.tell({ type: "commitAsked", task: first!.task });
  story.didNot({ type: "grantCommit" });
  story.tell({ type: "commitAsked", task: second!.task });
  story.did({ type: "grantCommit", task: first!.task });
  story.did({ type: "grantCommit", task: second!.task });
});

test("what tasks of an attempt that has failed say reaches nobody, and their blocks go", () => {
  const { story, lineage, node } = barrier(2);
  story.executor("a", 2);
  story.submit(lineage.job(node));
  const [first, second] = story.tasks();
  story.tell({ type: "barrierCalled", task: first!.task, executor: "a", call: call(0, "x") });
  story.fail({ partition: 1 });
  story.tell({ type: "barrierCalled", task: second!.task, executor: "a", call: call(0, "late") });
  story.didNot({ type: "answerBarrier" });
  story.did({ type: "dropBarrierBlocks", handles: ["late"] });
  story.endKilled(first!.task);
  story.did({ type: "dropBarrierBlocks", handles: ["x"] });
  const again = story.tasks();
  story.tell({ type: "barrierCalled", task: again[0]!.task, executor: "a", call: call(0) });
  story.didNot({ type: "answerBarrier" });
  story.tell({ type: "barrierCalled", task: again[1]!.task, executor: "a", call: call(0) });
  story.did({ type: "answerBarrier", task: again[0]!.task });
});

test("whoever waits for too long is told", () => {
  const { story, lineage, node } = barrier(2, { barrierTimeout: 500 });
  story.executor("a", 2);
  story.submit(lineage.job(node));
  const [first] = story.tasks();
  story.tell({ type: "barrierCalled", task: first!.task, executor: "a", call: call(0) });
  story.wait(499);
  story.didNot({ type: "answerBarrier" });
  story.wait(1);
  story.did({ type: "answerBarrier", task: first!.task, answer: { code: "GLOAM_BARRIER_TIMEOUT" } });
});

test("a slow task of a barrier gets no second attempt", () => {
  const { story, lineage, node } = barrier(4, { speculation: { quantile: 0.1, interval: 10 } });
  story.executor("a", 8);
  story.submit(lineage.job(node));
  story.wait(100);
  story.finish({ partition: 0 });
  story.wait(10_000);
  expect(story.tasks()).toHaveLength(3);
});

const capacity = { executors: 2, threads: 2, memory: 1000, slotsPerThread: 4 };

test.each([
  ["more tasks than slots", (lineage: Lineage, node: number) => lineage.map(node), 5, "GLOAM_BARRIER_SLOTS"],
  [
    "a union behind it",
    (lineage: Lineage, node: number) => lineage.union([node, node]),
    2,
    "GLOAM_BARRIER_UNSUPPORTED",
  ],
  [
    "fewer partitions behind it",
    (lineage: Lineage, node: number) => lineage.coalesce(node, 1),
    2,
    "GLOAM_BARRIER_UNSUPPORTED",
  ],
  [
    "two of them in one",
    (lineage: Lineage, node: number) => lineage.zip([node, lineage.map(lineage.source(2), { barrier: true })]),
    2,
    "GLOAM_BARRIER_UNSUPPORTED",
  ],
  [
    "tasks that are too large",
    (lineage: Lineage, node: number) => lineage.map(node, { resources: { memory: 501 } }),
    3,
    "GLOAM_BARRIER_SLOTS",
  ],
] as const)("refused at once: %s", (_, behind, partitions, code) => {
  const { story, lineage, node } = barrier(partitions, { capacity });
  story.executor("a", 2);
  story.submit(lineage.job(behind(lineage, node)));
  story.did({ type: "jobFailed", failure: { kind: "refused", code } });
});

test("fewer partitions are no matter before it, nor behind a shuffle", () => {
  const lineage = new Lineage();
  const story = new Story({ capacity });
  story.executor("a", 4);
  const node = lineage.map(lineage.coalesce(lineage.source(9), 2), { barrier: true });
  story.submit(lineage.job(lineage.coalesce(lineage.shuffle(node, 4), 2)));
  story.runAll();
  story.did({ type: "jobFinished" });
});

test("executors that would give it room are waited for, but not for ever", () => {
  const { story, lineage, node } = barrier(4, { capacity, barrierWait: 1000 });
  story.tell({ type: "executorAdded", executor: "a", host: "h", slots: 8, threads: 2 });
  story.submit(lineage.job(node));
  story.did({ type: "requestExecutors", slots: 16 });
  story.wait(999);
  story.didNot({ type: "jobFailed" });
  story.wait(1);
  story.did({ type: "jobFailed", failure: { code: "GLOAM_BARRIER_SLOTS" } });
});
