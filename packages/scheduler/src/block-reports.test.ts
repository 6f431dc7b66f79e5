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
    expect(places()).toMatchObject([{ executor: "b", handle: "copy" }]);
    story.tell({ type: "blocksLost", blocks: [{ node: source, partition: 0, executor: "b" }] });
    expect(places()).toEqual([]);
  });

  test("takes none away that has been cached in its place since it was forgotten; its copy goes", () => {
    const { story, source, block, move, places } = leaving();
    story.fail({ partition: 1 }, { kind: "cachedBlockMissing", node: source, partition: 0, error: "gone" });
    const anew = { ...block, handle: "second" };
    story.tell({ type: "blocksAdded", task: story.task({ partition: 2 }).task, blocks: [anew] });
    story.tell({ type: "blocksMoved", epoch: 1, moves: [move] });
    story.did({ type: "dropCachedBlocks", blocks: [{ executor: "b", handle: "copy" }] });
    expect(places()).toEqual([anew]);
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
    story.tell({ type: "blocksAdded", task: story.task({ partition: 1 }).task, blocks: [cached] });
    story.tell({ type: "blocksMoved", epoch: 1, moves: [move] });
    story.did({ type: "dropCachedBlocks", blocks: [{ executor: "b", handle: "copy" }] });
    expect(places()).toEqual([cached]);
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
  expect(story.scheduler.state().blocks.of(source, 0)).toEqual([first]);
});
