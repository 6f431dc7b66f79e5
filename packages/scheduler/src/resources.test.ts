import { expect, test } from "vitest";
import { Lineage } from "./testing/lineage.ts";
import { Story } from "./testing/story.ts";

const capacity = { executors: 4, threads: 4, memory: 4000, slotsPerThread: 2 };

function story(): Story {
  const started = new Story({ capacity });
  started.tell({ type: "executorAdded", executor: "a", host: "h", slots: 8, threads: 4, memory: 4000 });
  return started;
}

test("a task has the threads to itself that it asks for", () => {
  const lineage = new Lineage();
  const told = story();
  told.submit(lineage.job(lineage.map(lineage.source(5), { resources: { cpus: 2 } })));
  expect(told.tasks().map(({ slot, alone }) => [slot % 4, alone])).toEqual([[1, true], [3, true]]); // prettier-ignore
  told.runAll();
  told.did({ type: "jobFinished" });
});

test("a share of memory is a number of threads, and each task has one at least", () => {
  const lineage = new Lineage();
  const told = story();
  told.submit(lineage.job(lineage.map(lineage.source(5), { resources: { memory: 1300 } })));
  expect(told.tasks()).toHaveLength(2);
  told.runAll();
  told.submit(lineage.job(lineage.map(lineage.source(9), { resources: { memory: 1 } })));
  expect(told.tasks()).toHaveLength(4);
});

test("of all that a stage computes the largest demand counts, and other stages have theirs", () => {
  const lineage = new Lineage();
  const told = story();
  const mapped = lineage.map(lineage.map(lineage.source(4), { resources: { cpus: 2 } }), {
    resources: { memory: 3001 },
  });
  told.submit(lineage.job(lineage.shuffle(mapped, 8)));
  expect(told.tasks()).toHaveLength(1);
  for (let partition = 0; partition < 4; partition++) told.finish({ partition });
  expect(told.tasks()).toHaveLength(8);
});

test("what no executor has is refused at once, and names the largest", () => {
  const lineage = new Lineage();
  const told = story();
  told.submit(lineage.job(lineage.map(lineage.source(1), { resources: { cpus: 5, memory: 10 } })));
  const reason = "each task needs 5 cpus and 10 bytes of memory, and the largest executor has 4 and 4000 bytes";
  told.did({ type: "jobFailed", failure: { kind: "refused", code: "GLOAM_RESOURCES_UNAVAILABLE", reason } });
});

test("small tasks of others do not keep a large one waiting for ever", () => {
  const lineage = new Lineage();
  const told = story();
  told.submit(lineage.job(lineage.source(6)));
  told.submit(lineage.job(lineage.map(lineage.source(1), { resources: { cpus: 4 } })));
  told.submit(lineage.job(lineage.source(100)));
  expect(told.tasks({ alone: true })).toEqual([]);
  for (let partition = 0; partition < 6; partition++) told.finish({ partition });
  expect(told.tasks()).toMatchObject([{ alone: true }]);
});

test("while one large task runs, small ones use what is left", () => {
  const lineage = new Lineage();
  const told = story();
  told.submit(lineage.job(lineage.map(lineage.source(2), { resources: { cpus: 3 } })));
  told.submit(lineage.job(lineage.source(5)));
  expect(told.tasks({ alone: true })).toHaveLength(1);
  expect(told.tasks({ node: 2 })).toHaveLength(2);
});

test("executors are asked for as the tasks fit into them", () => {
  const lineage = new Lineage();
  const told = story();
  told.submit(lineage.job(lineage.map(lineage.source(4), { resources: { cpus: 3 } })));
  told.did({ type: "requestExecutors", slots: 32 });
});

/** A large executor on which the only task has failed too often, and one that is too small for it. */
function failedOnTheLarge(told: Story): Lineage {
  const lineage = new Lineage();
  told.tell({ type: "executorAdded", executor: "large", host: "h", slots: 4, threads: 4, memory: 4000 });
  told.tell({ type: "executorAdded", executor: "small", host: "h", slots: 1, threads: 1, memory: 1000 });
  told.submit(lineage.job(lineage.map(lineage.source(1), { resources: { cpus: 2 } })));
  told.submit(lineage.job(lineage.source(9)));
  told.fail({ alone: true });
  return lineage;
}

test("a large task that has failed on the one executor that has room for it runs there again, until it has failed too often", () => {
  const exclusion = { taskFailuresPerExecutor: 1, failuresPerExecutor: 100, timeout: 1000 };
  const told = new Story({ exclusion, maxTaskFailures: 3 });
  failedOnTheLarge(told);
  for (let attempt = 1; attempt < 3; attempt++) {
    while (told.tasks({ alone: true }).length === 0) told.finishTask(told.tasks({ alone: undefined })[0]!);
    told.fail({ alone: true, attempt });
  }
  expect(told.ends.get(0)).toMatchObject({ type: "jobFailed", failure: { kind: "taskFailed" } });
  told.runAll();
  told.did({ type: "jobFinished", job: 1 });
});

test("a large task waits for an executor that has room for it, but not for ever", () => {
  const exclusion = { taskFailuresPerExecutor: 1, failuresPerExecutor: 1, timeout: 5000 };
  const told = new Story({ exclusion, barrierWait: 1000 });
  failedOnTheLarge(told);
  told.wait(999);
  expect(told.ends.size).toBe(0);
  told.wait(1);
  const reason = "each task needs 2 cpus, and no executor has as much; so it was for 1000 ms";
  told.did({ type: "jobFailed", job: 0, failure: { code: "GLOAM_RESOURCES_UNAVAILABLE", reason } });
  told.runAll();
  told.did({ type: "jobFinished", job: 1 });
});
