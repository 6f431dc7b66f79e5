import { expect, test } from "vitest";
import { ancestorsFirst } from "./lineage.ts";
import { mapNode, zipWithIndexNode } from "./nodes/index.ts";
import { OperationNode, planKernel } from "./operation-node.ts";
import { fixedCount } from "./partition-count.ts";
import { Preparation } from "./preparation.ts";
import { captured } from "./testing/captured.ts";
import { testOrigin } from "./testing/origin.ts";
import { source } from "./testing/source.ts";

test("a node is prepared once, however many jobs need it at a time", async () => {
  let prepared = 0;
  const node = new OperationNode(testOrigin(), {
    dependencies: [],
    kernel: planKernel("parallelizeKernel"),
    count: fixedCount(1),
    prepare: async () => {
      prepared++;
      await Promise.resolve();
    },
  });
  const preparation = new Preparation();
  await Promise.all([preparation.prepare([node]), preparation.prepare([node])]);
  await preparation.prepare([node]);
  expect(prepared).toBe(1);
});

test("a preparation that failed is tried again", async () => {
  let attempts = 0;
  const node = new OperationNode(testOrigin(), {
    dependencies: [],
    kernel: planKernel("parallelizeKernel"),
    count: fixedCount(1),
    prepare: async () => {
      if (++attempts === 1) throw new Error("disk is away");
    },
  });
  const preparation = new Preparation();
  await expect(preparation.prepare([node])).rejects.toThrow("disk is away");
  await preparation.prepare([node]);
  expect(attempts).toBe(2);
});

test("zipWithIndex counts all partitions but the last, after its ancestors", async () => {
  const origin = testOrigin();
  const parent = source(origin, 3);
  const asked: (readonly number[])[] = [];
  const zipped = zipWithIndexNode(origin, parent, async (node, partitions) => {
    expect(node).toBe(parent);
    asked.push(partitions);
    return partitions.map((partition) => 10 + partition);
  });
  await new Preparation().prepare(ancestorsFirst(mapNode(origin, zipped, captured)));
  expect(asked).toEqual([[0, 1]]);
  expect([0, 1, 2].map((partition) => zipped.payload?.(partition))).toEqual([0, 10, 21]);

  const single = zipWithIndexNode(origin, source(origin, 1), () => Promise.reject(new Error("not needed")));
  await new Preparation().prepare(ancestorsFirst(single));
  expect(single.payload?.(0)).toBe(0);
});

test("a job that is cancelled waits no longer; the work stops when nobody waits", async () => {
  let stopped: unknown;
  let begun = 0;
  const node = new OperationNode(testOrigin(), {
    dependencies: [],
    kernel: planKernel("parallelizeKernel"),
    count: fixedCount(1),
    prepare: (signal) =>
      new Promise((resolve) => {
        begun++;
        if (begun === 2) resolve();
        signal.addEventListener("abort", () => (stopped = begun), { once: true });
      }),
  });
  const preparation = new Preparation();
  const [first, second] = [new AbortController(), new AbortController()];
  const jobs = [first, second].map(({ signal }) => preparation.prepare([node], signal));
  first.abort(new Error("first"));
  await expect(jobs[0]).rejects.toThrow("first");
  expect(stopped).toBeUndefined();
  second.abort(new Error("second"));
  await expect(jobs[1]).rejects.toThrow("second");
  expect(stopped).toBe(1);
  await preparation.prepare([node]);
  expect(begun).toBe(2);
});
