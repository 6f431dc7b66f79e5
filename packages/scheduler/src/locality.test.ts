import { describe, expect, test } from "vitest";
import type { SchedulerOptions } from "./options.ts";
import { Lineage } from "./testing/lineage.ts";
import { Story } from "./testing/story.ts";

/** A cached source whose partitions lie where they were computed, and a story that has computed it. */
function cachedSource(partitions: number, executors: readonly string[], options: SchedulerOptions = {}) {
  const lineage = new Lineage();
  const source = lineage.source(partitions, { persisted: true });
  const story = new Story(options);
  for (const executor of executors) story.executor(executor, 1);
  story.submit(lineage.job(source));
  for (let partition = 0; partition < partitions; partition++) {
    story.cache({ partition }, source, story.task({ partition }).slot);
    story.finish({ partition });
  }
  return { lineage, source, story };
}

describe("locality", () => {
  test("a task goes to the executor that holds its cached partition", () => {
    const { story, lineage, source } = cachedSource(2, ["a", "b"]);
    const [first] = story.scheduler.state().blocks.of(source, 1);
    story.submit(lineage.job(source, [1]));
    story.did({ type: "launchTask", launch: { partition: 1, executor: first?.executor } });
  });

  test("a task prefers the slot that holds its partition decoded, without waiting for it", () => {
    const lineage = new Lineage();
    const source = lineage.source(4, { persisted: true });
    const story = new Story();
    story.executor("a", 4);
    story.submit(lineage.job(source));
    for (let partition = 0; partition < 4; partition++) story.cache({ partition }, source, 3 - partition);
    story.runAll();
    story.submit(lineage.job(source));
    expect(story.tasks().map(({ partition, slot }) => partition + slot)).toEqual([3, 3, 3, 3]);
    story.submit(lineage.job(source, [0]));
    story.finish({ partition: 2 });
    story.did({ type: "launchTask", launch: { partition: 0, slot: 1 } });
  });

  test("either executor that holds a copy is near", () => {
    const lineage = new Lineage();
    const source = lineage.source(1, { persisted: true, replicas: 2 });
    const story = new Story({ locality: { process: 1000, node: 1000 } });
    story.executor("a", 1);
    story.submit(lineage.job(source));
    story.cache({ partition: 0 }, source, 0);
    story.finish({ partition: 0 });
    for (const id of ["b", "c"]) story.executor(id, 1);
    const block = story.scheduler.state().blocks.of(source, 0)[0]!;
    story.tell({ type: "blockReplicated", epoch: 1, replica: { block, copy: { executor: "c", handle: "copy" } } });
    // The first is busy: nobody waits for it, nor goes to the one that has none.
    story.submit(lineage.job(source));
    story.did({ type: "launchTask", launch: { executor: "a" } });
    story.submit(lineage.job(source));
    story.did({ type: "launchTask", launch: { executor: "c" } });
    story.submit(lineage.job(source));
    story.didNot({ type: "launchTask" });
  });

  test("a slot whose worker was lost is not preferred any more", () => {
    const lineage = new Lineage();
    const source = lineage.source(1, { persisted: true });
    const story = new Story();
    story.executor("a", 2);
    story.submit(lineage.job(source));
    story.cache({ partition: 0 }, source, 1);
    story.runAll();
    story.tell({ type: "workerLost", executor: "a", slot: 1, error: "exit" });
    expect(story.scheduler.state().blocks.of(source, 0)).toMatchObject([{ executor: "a", slot: undefined }]);
  });

  test("a task waits for the executor with its data, then for its host, then goes anywhere", () => {
    const lineage = new Lineage();
    const source = lineage.source(1, { preferred: [["a", "near"]] });
    const story = new Story({ locality: { process: 1000, node: 500 } });
    story.executor("a", 1, "near");
    story.submit(lineage.job(lineage.source(1)));
    story.executor("b", 1, "far");
    story.submit(lineage.job(source));
    expect(story.tasks({ node: source })).toEqual([]);
    story.wait(1499);
    expect(story.tasks({ node: source })).toEqual([]);
    story.wait(1);
    expect(story.task({ node: source })).toMatchObject({ executor: "b" });
  });

  test("after the wait for the executor its host will do", () => {
    const lineage = new Lineage();
    const source = lineage.source(1, { preferred: [["a", "near"]] });
    const story = new Story({ locality: { process: 1000, node: 500 } });
    story.executor("a", 1, "near");
    story.submit(lineage.job(lineage.source(1)));
    story.executor("b", 1, "far");
    story.executor("c", 1, "near");
    story.submit(lineage.job(source));
    story.wait(999);
    expect(story.tasks({ node: source })).toEqual([]);
    story.wait(1);
    expect(story.task({ node: source })).toMatchObject({ executor: "c" });
  });

  test("with one executor, and for locations that nobody has, there is no wait", () => {
    const lineage = new Lineage();
    const source = lineage.source(1, { preferred: [["somewhere-else"]] });
    const story = new Story();
    story.executor("a", 1);
    story.submit(lineage.job(source));
    story.did({ type: "launchTask" });
    story.executor("b", 1);
    story.submit(lineage.job(source));
    story.did({ type: "launchTask", launch: { executor: "b" } });
  });

  test("a job behind takes the slot that a waiting task leaves", () => {
    const { story, lineage, source } = cachedSource(1, ["a", "b"]);
    const holder = story.scheduler.state().blocks.of(source, 0)[0]?.executor;
    const free = holder === "a" ? "b" : "a";
    story.submit(lineage.job(source));
    story.submit(lineage.job(source));
    story.submit(lineage.job(lineage.source(1)));
    expect(story.tasks({ executor: free })).toMatchObject([{ node: 1 }]);
  });

  test("tasks without a location spread over the emptiest executors", () => {
    const lineage = new Lineage();
    const story = new Story();
    story.executor("a", 3);
    story.executor("b", 3);
    story.submit(lineage.job(lineage.source(4)));
    expect(story.tasks({ executor: "a" })).toHaveLength(2);
    expect(story.tasks({ executor: "b" })).toHaveLength(2);
  });
});
