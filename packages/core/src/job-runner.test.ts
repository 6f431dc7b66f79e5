import {
  countSink,
  OperationNode,
  fixedCount,
  oneToOneNode,
  planKernel,
  type Driver,
  type JobRequest,
  type NodeOrigin,
  type PlanNode,
} from "@gloam/plan";
import { describe, expect, test } from "vitest";
import { LocalProperties } from "./context/local-properties.ts";
import { Accumulators } from "./accumulators/accumulators.ts";
import { GarbagePressure } from "./garbage-pressure.ts";
import { JobRunner } from "./job-runner.ts";
import { Lifetimes } from "./lifetimes.ts";

const call = { operation: "count", callSite: { file: "job.ts", line: 1, column: 2 } };
let ids = 0;
const origin: NodeOrigin = { ...call, ids: { nextNode: () => ++ids, nextShuffle: () => ++ids } };

function source(partitions: number, prepare?: () => Promise<void>): PlanNode {
  const kernel = planKernel("parallelizeKernel");
  return new OperationNode(origin, { dependencies: [], kernel, count: fixedCount(partitions), prepare });
}

function runner(runJob: (request: JobRequest) => Promise<void>) {
  const requests: JobRequest[] = [];
  const driver: Driver = {
    ready: async () => undefined,
    runJob: (request) => {
      requests.push(request);
      return runJob(request);
    },
    cancelJobGroup: () => undefined,
    cancelAllJobs: () => undefined,
    executors: () => Promise.resolve([]),
    jobs: () => Promise.resolve([]),
    stages: () => Promise.resolve([]),
    listen: () => undefined,
    cancelJob: () => undefined,
    cancelStage: () => undefined,
    releaseShuffles: () => undefined,
    unpersist: () => undefined,
    releaseNodes: () => undefined,
    addBroadcast: () => undefined,
    unpersistBroadcast: () => undefined,
    releaseBroadcasts: () => undefined,
    traffic: () => Promise.resolve({ fetchedBytes: 0, servedBytes: 0 }),
    defaultParallelism: 2,
    stop: async () => undefined,
  };
  const lifetimes = new Lifetimes(() => undefined);
  const localProperties = new LocalProperties();
  const jobs = new JobRunner({
    driver,
    lifetimes,
    levelOf: () => undefined,
    garbage: new GarbagePressure(),
    localProperties,
    accumulators: new Accumulators(),
    addedFiles: new Map(),
  });
  return { jobs, lifetimes, localProperties, requests };
}

describe("a job", () => {
  test("tells the driver all that it needs", async () => {
    const { jobs, requests } = runner(async ({ onResult }) =>
      [2, 0, 1].forEach((index) => onResult(index, index * 10)),
    );
    const node = oneToOneNode(origin, source(3), planKernel("glomKernel"));
    const options = { jobGroup: "g", pool: "p", description: "d", signal: new AbortController().signal };
    expect(await jobs.results(call, node, countSink(), options)).toEqual([0, 10, 20]);
    expect(requests[0]).toMatchObject({
      final: node,
      partitions: [0, 1, 2],
      properties: { group: "g", pool: "p", description: "d" },
      lineage: { final: node.id, partitions: [0, 1, 2] },
      signal: options.signal,
      ...call,
    });
    expect([...(requests[0]?.nodes.keys() ?? [])]).toEqual([node.id - 1, node.id]);
  });

  test("prepares sources first, and does without a job where there are no partitions", async () => {
    const told: string[] = [];
    const { jobs } = runner(async () => void told.push("job"));
    await jobs.results(
      call,
      source(1, async () => void told.push("prepared")),
      countSink(),
    );
    expect(told).toEqual(["prepared", "job"]);
    expect(await jobs.results(call, source(0), countSink())).toEqual([]);
    expect(told).toHaveLength(2);
  });

  test("holds its nodes until it ends, well or not", async () => {
    const node = source(1);
    const during: number[] = [];
    const { jobs, lifetimes } = runner(async () => {
      during.push(lifetimes.size);
      throw new Error("failed");
    });
    await expect(jobs.results(call, node, countSink())).rejects.toThrow("failed");
    expect(during).toEqual([1]);
    expect(lifetimes.size).toBe(0);
  });

  test("is cancelled while its sources are being prepared", async () => {
    const { jobs, requests } = runner(async () => undefined);
    const node = source(1, () => new Promise(() => undefined));
    const job = jobs.results(call, node, countSink(), { signal: AbortSignal.timeout(5) });
    await expect(job).rejects.toMatchObject({ code: "GLOAM_JOB_CANCELLED", callSite: call.callSite });
    expect(requests).toEqual([]);
  });

  test("is cancelled with its group, or with all jobs, while its sources are being prepared and right after", async () => {
    const { jobs, requests } = runner(async () => undefined);
    const endless = source(1, () => new Promise(() => undefined));
    const quick = source(1);
    const begun = [endless, quick].flatMap((node) =>
      ["mine", "other"].map((jobGroup) => jobs.results(call, node, countSink(), { jobGroup })),
    );
    const counted = jobs.partitionCount(call, endless, { jobGroup: "mine" });
    jobs.cancelGroup("mine", "the group was cancelled");
    const message = "the job was cancelled: the group was cancelled";
    const [one, two, three, four] = begun;
    for (const mine of [one, three, counted])
      await expect(mine).rejects.toMatchObject({
        ...{ code: "GLOAM_JOB_CANCELLED", callSite: call.callSite },
        message: expect.stringContaining(message) as string,
      });
    await four;
    expect(requests.map(({ properties }) => properties.group)).toEqual(["other"]);
    jobs.cancelAll("all were cancelled");
    await expect(two).rejects.toThrow("all were cancelled");
  });

  test("counts for whoever waits: such a job is of no group", async () => {
    const { jobs, localProperties, requests } = runner(async () => undefined);
    localProperties.set({ "jobGroup.id": "mine" });
    await jobs.count(call, source(2), [0, 1], new AbortController().signal);
    expect(requests.map(({ properties }) => properties.group)).toEqual([undefined]);
  });
});
