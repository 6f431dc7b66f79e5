import { describe, expect, test } from "vitest";
import type { CachedBlock } from "./messages.ts";
import { Lineage } from "./testing/lineage.ts";
import { Story } from "./testing/story.ts";

/** Partition 0 of a cached source lies on "a", which drains while it computes partitions 1 and 2; "b" has a slot too. */
function leaving() {
  const lineage = new Lineage();
  const source = lineage.source(3, { persisted: true });
  const story = new Story();
  story.executor("a", 3);
  story.submit(lineage.job(source));
  story.executor("b", 1);
  const block: CachedBlock = { node: source, partition: 0, executor: "a", handle: "first" };
  story.tell({ type: "blocksAdded", task: story.task({ partition: 0 }).task, blocks: [block] });
  story.finish({ partition: 0 });
  story.tell({ type: "executorDraining", executor: "a" });
  story.did({ type: "migrateBlocks", executor: "a", cached: [block] });
  const move = { kind: "cached", block, to: "b", handle: "copy" } as const;
  const places = () => story.scheduler.state().blocks.of(source, 0);
  return { source, story, block, move, places };
}

describe("a cached block that has moved", () => {
  test("is known where it lies now, until it is evicted there", () => {
    const { story, source, move, places } = leaving();
    story.tell({ type: "blocksMoved", epoch: 1, moves: [move] });
    expect(places()).toEqual([{ node: source, partition: 0, executor: "b", handle: "copy", computedBy: 0 }]);
    story.tell({ type: "blocksLost", blocks: [{ node: source, partition: 0, executor: "b" }] });
    expect(places()).toEqual([]);
  });

  test("takes none away that has been cached in its place since it was forgotten; its copy goes", () => {
    const { story, source, block, move, places } = leaving();
    story.fail({ partition: 1 }, { kind: "cachedBlockMissing", node: source, partition: 0, error: "gone" });
    const anew = { ...block, handle: "second" };
    const { task } = story.task({ partition: 2 });
    story.tell({ type: "blocksAdded", task, blocks: [anew] });
    story.tell({ type: "blocksMoved", epoch: 1, moves: [move] });
    story.did({ type: "dropCachedBlocks", blocks: [{ executor: "b", handle: "copy" }] });
    expect(places()).toEqual([{ ...anew, computedBy: task }]);
  });

  test("does not keep one that an unwanted task has cached in its place since", () => {
    const { story, block, move, places } = leaving();
    const { task } = story.task({ partition: 1 });
    story.cancel(0);
    story.tell({ type: "blocksAdded", task, blocks: [{ ...block, handle: "second" }] });
    story.did({ type: "dropCachedBlocks", blocks: [{ executor: "a", handle: "second" }] });
    story.tell({ type: "blocksMoved", epoch: 1, moves: [move] });
    expect(places()).toMatchObject([{ executor: "b", handle: "copy" }]);
  });

  test("is forgotten when the executor that it moved to is lost before it says so", () => {
    const { story, move, places } = leaving();
    story.loseExecutor("b");
    story.tell({ type: "blocksMoved", epoch: 1, moves: [move] });
    expect(places()).toEqual([]);
  });

  test("goes where a task has cached the partition meanwhile", () => {
    const { story, source, move, places } = leaving();
    const cached: CachedBlock = { node: source, partition: 0, executor: "b", handle: "own" };
    const { task } = story.task({ partition: 1 });
    story.tell({ type: "blocksAdded", task, blocks: [cached] });
    story.tell({ type: "blocksMoved", epoch: 1, moves: [move] });
    story.did({ type: "dropCachedBlocks", blocks: [{ executor: "b", handle: "copy" }] });
    expect(places()).toEqual([{ ...cached, computedBy: task }]);
  });

  test("moves on from an executor that drains when it arrives", () => {
    const { story, move } = leaving();
    story.tell({ type: "executorDraining", executor: "b" });
    story.tell({ type: "blocksMoved", epoch: 1, moves: [move] });
    story.did({ type: "migrateBlocks", executor: "b", cached: [{ executor: "b", handle: "copy" }] });
    story.didNot({ type: "releaseExecutor", executor: "b" });
  });
});

test("a map output moves on from an executor that drains when it arrives", () => {
  const lineage = new Lineage();
  const story = new Story();
  story.executor("a", 2);
  story.submit(lineage.job(lineage.shuffle(lineage.source(2), 1)));
  story.executor("b", 1);
  story.finish({ partition: 0 });
  story.tell({ type: "executorDraining", executor: "a" });
  story.tell({ type: "executorAdded", executor: "c", host: "host-c", slots: 1 });
  story.tell({ type: "executorDraining", executor: "b" });
  const moves = [{ kind: "mapOutput", shuffle: 0, partition: 0, task: 0, to: "b", handle: "copy" } as const];
  story.tell({ type: "blocksMoved", epoch: 1, moves });
  story.did({ type: "migrateBlocks", executor: "b", outputs: [{ output: { task: 0, handle: "copy" } }] });
});

test("a map output stays where it has moved to when a task cannot read it where it was", () => {
  const lineage = new Lineage();
  const story = new Story();
  story.executor("a", 1);
  story.executor("b", 1);
  story.submit(lineage.job(lineage.shuffle(lineage.source(1), 1)));
  story.finish({ node: 0 });
  const output = () => story.scheduler.mapOutputs(0)[0];
  const { executor, task } = output() ?? { executor: "none", task: -1 };
  const to = executor === "a" ? "b" : "a";
  story.tell({ type: "executorDraining", executor });
  const moves = [{ kind: "mapOutput", shuffle: 0, partition: 0, task, to, handle: "copy" } as const];
  story.tell({ type: "blocksMoved", epoch: 1, moves });
  story.failFetch({ node: 1 }, 0, 0);
  story.did({ type: "launchTask", launch: { node: 1, attempt: 1 } });
  expect(output()).toMatchObject({ task, executor: to, handle: "copy" });
  // Where it is now is another matter.
  story.failFetch({ node: 1 }, 0, 0);
  story.did({ type: "launchTask", launch: { node: 0 } });
});

test("of two blocks of a partition on one executor the first stays and the second goes; repetition drops none", () => {
  const lineage = new Lineage();
  const source = lineage.source(1, { persisted: true });
  const story = new Story();
  story.executor("a", 2);
  story.submit(lineage.job(source));
  story.submit(lineage.job(source));
  const [one, two] = story.tasks().map(({ task }) => task);
  const first: CachedBlock = { node: source, partition: 0, executor: "a", handle: "first" };
  story.tell({ type: "blocksAdded", task: one ?? -1, blocks: [first] });
  story.tell({ type: "blocksAdded", task: two ?? -1, blocks: [{ ...first, handle: "second" }] });
  story.did({ type: "dropCachedBlocks", blocks: [{ executor: "a", handle: "second" }] });
  story.tell({ type: "blocksAdded", task: one ?? -1, blocks: [first] });
  story.didNot({ type: "dropCachedBlocks" });
  expect(story.scheduler.state().blocks.of(source, 0)).toEqual([{ ...first, computedBy: one }]);
});

describe("levels with a second copy", () => {
  function replicated() {
    const story = new Story();
    const lineage = new Lineage();
    const source = lineage.source(1, { persisted: true, replicas: 2 });
    const job = lineage.job(lineage.map(source));
    const block = { node: source, partition: 0, executor: "a", handle: `${source}/0` };
    return { story, source, job, block, copy: { executor: "b", handle: "copy" } };
  }

  test("have each block copied to another executor, and tasks are told of both", () => {
    const { story, source, job, block, copy } = replicated();
    story.executor("a", 1);
    story.executor("b", 1);
    story.submit(job);
    story.cache({ partition: 0 }, source);
    story.did({ type: "replicateBlock", block, holders: ["a"] });
    story.tell({ type: "blockReplicated", epoch: 1, replica: { block: blockOf(story, source), copy } });
    story.runAll();
    story.submit(job);
    const { cached } = story.task({ partition: 0 });
    expect(cached.map(({ executor }) => executor)).toEqual(["a", "b"]);
    expect(cached.map(({ computedBy }) => computedBy)).toEqual([0, 0]);
    story.runAll();
    story.loseExecutor("a");
    story.submit(job);
    expect(story.tasks({ executor: "b" }).at(-1)?.cached).toMatchObject([{ executor: "b", handle: "copy" }]);
  });

  test("wait for a second executor, and say once that there is none", () => {
    const { story, source, job } = replicated();
    story.executor("a", 1);
    for (let round = 0; round < 2; round++) {
      story.submit(job);
      if (round === 0) story.cache({ partition: 0 }, source);
      story.didNot({ type: "replicateBlock" });
      story.runAll();
      if (round === 0) story.did({ type: "replicasMissing" });
      else story.didNot({ type: "replicasMissing" });
    }
    story.executor("b", 1);
    story.did({ type: "replicateBlock", holders: ["a"] });
    story.executor("c", 1);
    story.didNot({ type: "replicateBlock" });
    const block = blockOf(story, source);
    // Where it could not be made, it is tried again when there is somebody else.
    story.tell({ type: "blockReplicated", epoch: 1, replica: { block } });
    story.didNot({ type: "replicateBlock" });
    story.executor("d", 1);
    story.did({ type: "replicateBlock", holders: ["a"] });
  });

  test("get a copy of the block that has taken the place of one of which none could be made", () => {
    const { story, source, job } = replicated();
    for (const id of ["a", "b"]) story.executor(id, 1);
    story.submit(job);
    story.cache({ executor: "a" }, source);
    const first = blockOf(story, source);
    story.tell({ type: "blocksLost", blocks: [{ node: source, partition: 0, executor: "a" }] });
    const anew = { ...first, handle: "second" };
    story.tell({ type: "blocksAdded", task: story.task({ partition: 0 }).task, blocks: [anew] });
    story.didNot({ type: "replicateBlock" });
    story.tell({ type: "blockReplicated", epoch: 1, replica: { block: first } });
    story.did({ type: "replicateBlock", block: anew, holders: ["a"] });
    // Of this one there is none to be had either: it is left until an executor comes.
    story.tell({ type: "blockReplicated", epoch: 2, replica: { block: blockOf(story, source) } });
    story.didNot({ type: "replicateBlock" });
  });

  test("get another copy when an executor is lost, and none of a block that is forgotten", () => {
    const { story, source, job, copy } = replicated();
    for (const id of ["a", "b", "c"]) story.executor(id, 1);
    story.submit(job);
    story.cache({ executor: "a" }, source);
    const block = blockOf(story, source);
    story.tell({ type: "blockReplicated", epoch: 1, replica: { block, copy } });
    // Told again, it says nothing.
    story.tell({ type: "blockReplicated", epoch: 1, replica: { block, copy } });
    story.didNot({ type: "dropCachedBlocks" });
    story.runAll();
    story.loseExecutor("a");
    story.did({ type: "replicateBlock", block: copy, holders: ["b"] });
    const second = blockOf(story, source);
    story.tell({ type: "nodesUnpersisted", nodes: [source] });
    const replica = { block: second, copy: { executor: "c", handle: "late" } };
    story.tell({ type: "blockReplicated", epoch: 2, replica });
    story.did({ type: "dropCachedBlocks", blocks: [{ executor: "c", handle: "late" }] });
  });
});

test("a loss that names a block does not forget another in its place", () => {
  const story = new Story();
  const lineage = new Lineage();
  const source = lineage.source(1, { persisted: true });
  story.executor("a", 1);
  story.submit(lineage.job(source));
  story.cache({ partition: 0 }, source);
  const lost = { node: source, partition: 0, executor: "a" };
  story.tell({ type: "blocksLost", blocks: [{ ...lost, handle: "another" }] });
  expect(story.scheduler.state().blocks.of(source, 0)).toHaveLength(1);
  story.tell({ type: "blocksLost", blocks: [{ ...lost, handle: `${source}/0` }] });
  expect(story.scheduler.state().blocks.of(source, 0)).toEqual([]);
});

function blockOf(story: Story, node: number): CachedBlock {
  return story.scheduler.state().blocks.of(node, 0)[0]!;
}
