import { createRandom } from "@gloam/common";
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
  const jobs: { readonly finish: () => void; readonly fail: () => void }[] = [];
  const checkpoints = new Checkpoints({
    random: createRandom(1),
    results: () =>
      new Promise((resolve, reject) => {
        jobs.push({ finish: () => resolve([0]), fail: () => reject(new Error("the first one's")) });
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
