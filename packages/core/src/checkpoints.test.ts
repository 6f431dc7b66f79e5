import { createRandom, GloamError } from "@gloam/common";
import { OperationNode, fixedCount, planKernel, type NodeOrigin, type PlanNode } from "@gloam/plan";
import { expect, test } from "vitest";
import { Checkpoints } from "./checkpoints.ts";

const call = { operation: "localCheckpoint", callSite: { file: "job.ts", line: 1, column: 2 } };
let ids = 0;
const origin: NodeOrigin = { ...call, ids: { nextNode: () => ++ids, nextShuffle: () => ++ids } };

/** Checkpoints of one marked node, each of whose jobs ends when the test says so. */
function marked() {
  const node: PlanNode = new OperationNode(origin, {
    ...{ dependencies: [], kernel: planKernel("parallelizeKernel"), count: fixedCount(1) },
  });
  const jobs: { readonly finish: () => void; readonly fail: (error?: Error) => void }[] = [];
  const checkpoints = new Checkpoints({
    random: createRandom(1),
    results: () =>
      new Promise((resolve, reject) => {
        jobs.push({ finish: () => resolve([0]), fail: (error = new Error("the first one's")) => reject(error) });
      }),
    isUsed: () => false,
    cut: () => undefined,
  });
  checkpoints.mark(node, call, true);
  const told: string[] = [];
  const write = (name: string, signal?: AbortSignal): Promise<void> =>
    checkpoints.write([node], { signal }).then(
      () => void told.push(`${name} ended`),
      (error: Error) => void told.push(`${name} failed: ${error.message}`),
    );
  return { node, checkpoints, jobs, told, write };
}

const passed = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("an action that ends while another's checkpoint is written waits until that is there", async () => {
  const { node, checkpoints, jobs, told, write } = marked();
  const both = [write("first"), write("second")];
  await passed();
  expect([jobs.length, told]).toEqual([1, []]);
  jobs[0]?.finish();
  await Promise.all(both);
  expect([jobs.length, checkpoints.isDone(node.id)]).toEqual([1, true]);
});

test("and writes it itself where the other could not", async () => {
  const { node, checkpoints, jobs, told, write } = marked();
  const both = [write("first"), write("second")];
  await passed();
  jobs[0]?.fail();
  await passed();
  expect([jobs.length, told]).toEqual([2, ["first failed: the first one's"]]);
  jobs[1]?.finish();
  await Promise.all(both);
  expect([told.at(-1), checkpoints.isDone(node.id)]).toEqual(["second ended", true]);
});

test("its signal ends its waiting, and the other goes on", async () => {
  const { jobs, told, write } = marked();
  const controller = new AbortController();
  const both = [write("first"), write("second", controller.signal)];
  await passed();
  controller.abort();
  await passed();
  expect(told).toEqual(["second ended"]);
  jobs[0]?.finish();
  await Promise.all(both);
  expect(told).toEqual(["second ended", "first ended"]);
});

test("when somebody cancels its job, those that wait do not begin it again, and a later action writes it", async () => {
  const { node, checkpoints, jobs, told, write } = marked();
  const all = [write("first"), write("second"), write("third", new AbortController().signal)];
  await passed();
  jobs[0]?.fail(new GloamError("GLOAM_JOB_CANCELLED", "all jobs were cancelled"));
  await Promise.all(all);
  expect(jobs).toHaveLength(1);
  expect(told.toSorted()).toEqual([expect.stringMatching(/^first failed/), "second ended", "third ended"]);
  const later = write("later");
  await passed();
  jobs[1]?.finish();
  await later;
  expect(checkpoints.isDone(node.id)).toBe(true);
});

test("when its own signal ends the job, one of those that wait writes it", async () => {
  const { node, checkpoints, jobs, write } = marked();
  const controller = new AbortController();
  const both = [write("first", controller.signal), write("second")];
  await passed();
  controller.abort();
  jobs[0]?.fail(new GloamError("GLOAM_JOB_CANCELLED", "its signal"));
  await passed();
  jobs[1]?.finish();
  await Promise.all(both);
  expect([jobs.length, checkpoints.isDone(node.id)]).toEqual([2, true]);
});
