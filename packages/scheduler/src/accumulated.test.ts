import { expect, test } from "vitest";
import type { TaskLaunch } from "./messages.ts";
import { Lineage } from "./testing/lineage.ts";
import { Story } from "./testing/story.ts";

/** Ends a task well, with what it added. */
function finish(story: Story, { task, stageKind }: TaskLaunch): unknown[] {
  story.running.delete(task);
  const outcome =
    stageKind.kind === "result"
      ? ({ kind: "result", value: task } as const)
      : ({ kind: "mapOutput", handle: task, sizes: new Float64Array(0) } as const);
  const told = story.tell({ type: "taskFinished", task, outcome, accumulators: `of task ${task}` });
  return told.flatMap((each) => (each.type === "accumulated" ? [each.accumulators] : []));
}

test("what a task added counts with its result, before it, once", () => {
  const lineage = new Lineage();
  const story = new Story({ speculation: { interval: 100, quantile: 0, multiplier: 1 } });
  story.executor("a", 1);
  story.executor("b", 1);
  const job = story.submit(lineage.job(lineage.source(1)));
  const first = story.task({});
  story.fail({});
  const second = story.task({ attempt: 1 });
  expect(finish(story, second)).toEqual([`of task ${second.task}`]);
  const types = story.last.map(({ type }) => type);
  expect(types.indexOf("accumulated")).toBeLessThan(types.indexOf("partitionResult"));
  story.did({ type: "accumulated", kind: { kind: "result", job }, index: 0, task: second.task });
  for (const late of [first, second]) expect(finish(story, late)).toEqual([]);
});

test("what a map task added counts with its output, and is told again where that is computed again", () => {
  const lineage = new Lineage();
  lineage.shuffle(lineage.source(2), 1);
  const story = new Story();
  story.executor("a", 1);
  story.executor("b", 1);
  story.submit(lineage.job(1));
  const maps = story.tasks({ node: 0 });
  for (const map of maps) expect(finish(story, map)).toEqual([`of task ${map.task}`]);
  story.failFetch({ node: 1 }, 0, 0);
  const again = story.task({ node: 0 });
  expect(finish(story, again)).toEqual([`of task ${again.task}`]);
  story.did({ type: "accumulated", kind: { kind: "shuffleMap" }, index: 0 });
});

test("what a task without accumulators ends with says nothing of any", () => {
  const lineage = new Lineage();
  const story = new Story();
  story.executor("a", 1);
  story.submit(lineage.job(lineage.source(1)));
  story.finish({});
  expect(story.last.map(({ type }) => type)).not.toContain("accumulated");
});

test("what map tasks of a barrier added counts when all have ended well, of one attempt", () => {
  const lineage = new Lineage();
  const node = lineage.map(lineage.source(2), { barrier: true });
  const story = new Story();
  story.executor("a", 2);
  story.submit(lineage.job(lineage.shuffle(node, 1)));
  expect(finish(story, story.task({ partition: 0 }))).toEqual([]);
  story.fail({ partition: 1 });
  const [one, two] = story.tasks({ node, attempt: 1 });
  expect(finish(story, one!)).toEqual([]);
  expect(finish(story, two!)).toEqual([one, two].map((each) => `of task ${each!.task}`));
});
