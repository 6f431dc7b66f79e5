import { expect, test } from "vitest";
import { Lineage } from "./testing/lineage.ts";
import { Story } from "./testing/story.ts";
import { workStatus } from "./work-status.ts";

test("jobs with the stages that work for them, and how far active stages are", () => {
  const lineage = new Lineage();
  const reducer = lineage.shuffle(lineage.source(3), 2);
  const story = new Story();
  story.executor("a", 1);
  expect(workStatus(story.scheduler.state())).toEqual({ jobs: [], stages: [] });
  const job = story.submit(lineage.job(reducer));
  story.finish({ node: 0, partition: 0 });
  const [result, map] = workStatus(story.scheduler.state()).jobs[0]?.stages ?? [];
  expect(workStatus(story.scheduler.state())).toEqual({
    jobs: [{ job, stages: [result, map] }],
    stages: [
      {
        ...{ stage: map, kind: { kind: "shuffleMap", shuffle: 0 }, node: 0, attempt: 0, jobs: [job] },
        ...{ tasks: 3, running: 1, finished: 1, failed: 0 },
      },
    ],
  });
  story.runAll();
  expect(workStatus(story.scheduler.state())).toEqual({ jobs: [], stages: [] });
});

test("a stage that is cancelled fails the jobs that need it, and no other", () => {
  const lineage = new Lineage();
  const reducer = lineage.shuffle(lineage.source(2), 2);
  const other = lineage.source(2);
  const story = new Story();
  story.executor("a", 2);
  const jobs = [
    story.submit(lineage.job(reducer)),
    story.submit(lineage.job(reducer)),
    story.submit(lineage.job(other)),
  ];
  const stage = story.tasks()[0]?.stage ?? -1;
  story.tell({ type: "stageCancelled", stage: stage + 100, reason: "enough" });
  expect(story.ends.size).toBe(0);
  story.tell({ type: "stageCancelled", stage, reason: "enough" });
  expect([...story.ends.keys()]).toEqual(jobs.slice(0, 2));
  story.did({ type: "jobFailed", failure: { kind: "cancelled", reason: "enough" } });
  story.runAll();
  expect([...story.ends.keys()]).toEqual(jobs);
  story.tell({ type: "stageCancelled", stage, reason: "late" });
});
