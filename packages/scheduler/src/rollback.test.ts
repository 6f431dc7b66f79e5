import { describe, expect, test } from "vitest";
import { shuffleLevel } from "./determinism.ts";
import { GraphIndex } from "./graph-index.ts";
import { Lineage, type NodeSettings } from "./testing/lineage.ts";
import { Story } from "./testing/story.ts";

const random = { determinism: "indeterminate" } as const;
const unordered = { determinism: "unordered" } as const;

describe("determinism levels", () => {
  function levelOfShuffle(build: (lineage: Lineage) => number, orderSensitive = false): string {
    const lineage = new Lineage();
    const parent = build(lineage);
    return shuffleLevel(new GraphIndex(lineage.job(parent)), parent, orderSensitive);
  }

  test.each<[string, NodeSettings, NodeSettings, string]>([
    ["repeats if all repeats", {}, {}, "determinate"],
    ["keeps its input's disorder", unordered, {}, "unordered"],
    ["is as bad as its own promise", {}, random, "indeterminate"],
    ["turns disorder into other elements where order matters", unordered, { orderSensitive: true }, "indeterminate"],
    ["repeats an order-sensitive operation over ordered input", {}, { orderSensitive: true }, "determinate"],
    ["never mends an indeterminate input", random, {}, "indeterminate"],
  ])("a map %s", (_, source, map, level) => {
    expect(levelOfShuffle((lineage) => lineage.map(lineage.source(1, source), map))).toBe(level);
    expect(
      levelOfShuffle((lineage) => lineage.map(lineage.shuffle(lineage.source(1, source), 1), map)),
      "a shuffle between changes nothing: reducers read in map order",
    ).toBe(level);
  });

  test("a shuffle that places elements by their order needs an ordered input", () => {
    expect(levelOfShuffle((lineage) => lineage.source(1, unordered), true)).toBe("indeterminate");
    expect(levelOfShuffle((lineage) => lineage.source(1), true)).toBe("determinate");
  });

  test("a chain of 100,000 nodes", () => {
    expect(
      levelOfShuffle((lineage) => {
        let node = lineage.source(1, unordered);
        for (let count = 0; count < 100_000; count++) node = lineage.map(node);
        return node;
      }),
    ).toBe("unordered");
  });
});

/** Source 0 (two partitions) → shuffle 0 → reducer 1 (two) → shuffle 1 → final 2 (two), on one executor per task. */
function chain(settings: NodeSettings): { story: Story; lineage: Lineage; job: number } {
  const lineage = new Lineage();
  lineage.shuffle(lineage.shuffle(lineage.source(2, settings), 2), 2);
  const story = new Story();
  story.executor("a", 4);
  const job = story.submit(lineage.job(2));
  story.finish({ node: 0, partition: 0 });
  story.finish({ node: 0, partition: 1 });
  return { story, lineage, job };
}

describe("roll-back", () => {
  test("a determinate stage computes only what was lost", () => {
    const { story } = chain({});
    story.finish({ node: 1, partition: 0 });
    story.failFetch({ node: 1, partition: 1 }, 0, 1);
    expect(story.tasks()).toMatchObject([{ node: 0, partition: 1 }]);
  });

  test("an indeterminate stage starts anew, with everything that was computed from it", () => {
    const { story } = chain(random);
    story.finish({ node: 1, partition: 0 });
    story.failFetch({ node: 1, partition: 1 }, 0, 1);
    expect(story.tasks()).toMatchObject([
      { node: 0, partition: 0 },
      { node: 0, partition: 1 },
    ]);
    story.finish({ node: 0, partition: 0 });
    story.finish({ node: 0, partition: 1 });
    expect(story.tasks()).toMatchObject([
      { node: 1, partition: 0 },
      { node: 1, partition: 1 },
    ]);
    story.runAll();
    story.did({ type: "jobFinished" });
  });

  test("tasks that run with the old outputs are killed, and what they still give is dropped", () => {
    const { story } = chain(random);
    const { task } = story.task({ node: 1, partition: 0 });
    story.failFetch({ node: 1, partition: 1 }, 0, 1);
    story.did({ type: "killTask", task });
    story.finishTask(story.running.get(task) ?? story.task({}));
    story.did({ type: "dropMapOutputs", shuffle: 1, outputs: [{ task }] });
  });

  test("nothing is rolled back that no reducer has read", () => {
    const lineage = new Lineage();
    lineage.shuffle(lineage.source(3, random), 1);
    const story = new Story();
    story.executor("a", 1);
    story.executor("b", 1);
    story.submit(lineage.job(1));
    story.finish({ partition: 0 });
    story.loseExecutor(story.task({ partition: 1 }).executor);
    story.runAll();
    story.did({ type: "jobFinished" });
  });

  test("a complete later shuffle stays, until it loses an output itself", () => {
    const { story } = chain(random);
    story.finish({ node: 1, partition: 0 });
    story.finish({ node: 1, partition: 1 });
    story.failFetch({ node: 2, partition: 0 }, 1, 0);
    const again = story.tasks({ node: 1 });
    expect(again).toMatchObject([{ partition: 0 }, { partition: 1 }]);
    story.runAll();
    story.did({ type: "jobFinished" });
  });

  test("a complete later shuffle that nobody has read yet is stale: if one output is lost, the others go too", () => {
    const lineage = new Lineage();
    const reducer = lineage.shuffle(lineage.source(2, random), 2);
    const final = lineage.shuffle(reducer, 2);
    const story = new Story();
    story.executor("a", 1);
    story.executor("b", 1);
    const first = story.submit(lineage.job(final));
    while (story.tasks({ node: final }).length === 0) story.finishTask(story.tasks()[0] ?? story.task({}));
    story.cancel(first);
    story.runAll();
    // Another job has the first shuffle computed anew: the second one's outputs are older now.
    story.submit(lineage.job(lineage.map(reducer)));
    story.failFetch({ partition: 0 }, 0, 0);
    story.didNot({ type: "dropMapOutputs", shuffle: 1 });
    while (story.running.size > 0 && story.tasks({ stageKind: { kind: "result" } }).length === 0) story.runAll();
    expect(story.scheduler.state().tracker.get(1)).toMatchObject({ complete: true, stale: true });
    story.loseExecutor("b");
    expect(story.scheduler.state().tracker.get(1)?.registered).toBe(1);
    story.executor("c", 2);
    story.submit(lineage.job(final));
    story.did({ type: "dropMapOutputs", shuffle: 1, outputs: [{ executor: "a" }] });
    story.runAll();
    story.did({ type: "jobFinished" });
  });

  test("delivered results fail the job", () => {
    const lineage = new Lineage();
    lineage.shuffle(lineage.source(2, random), 2);
    const story = new Story();
    story.executor("a", 2);
    const job = story.submit(lineage.job(1));
    story.finish({ node: 0, partition: 0 });
    story.finish({ node: 0, partition: 1 });
    story.finish({ node: 1, partition: 0 });
    story.failFetch({ node: 1, partition: 1 }, 0, 0);
    story.did({ type: "jobFailed", job, failure: { kind: "indeterminateRollback" } });
  });

  test("a granted commit fails the job too: it may be done", () => {
    const lineage = new Lineage();
    lineage.shuffle(lineage.source(1, random), 2);
    const story = new Story();
    story.executor("a", 2);
    story.submit(lineage.job(1));
    story.finish({ node: 0 });
    story.tell({ type: "commitAsked", task: story.task({ partition: 0 }).task });
    story.failFetch({ node: 1, partition: 1 }, 0, 0);
    story.did({ type: "jobFailed", failure: { kind: "indeterminateRollback" } });
  });

  test("cached blocks that were computed from the old outputs go", () => {
    const lineage = new Lineage();
    const cached = lineage.map(lineage.shuffle(lineage.source(1, random), 2), { persisted: true });
    lineage.shuffle(cached, 1);
    const story = new Story();
    story.executor("a", 2);
    story.submit(lineage.job(3));
    story.finish({ node: 0 });
    story.cache({ node: cached, partition: 0 }, cached);
    story.finish({ node: cached, partition: 0 });
    story.failFetch({ node: cached, partition: 1 }, 0, 0);
    story.did({ type: "dropCachedBlocks", blocks: [{ node: cached, partition: 0 }] });
    story.runAll();
    story.did({ type: "jobFinished" });
  });
});
