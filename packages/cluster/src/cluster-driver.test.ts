import type { JobRequest } from "@gloam/plan";
import { describe, expect, test } from "vitest";
import { ClusterDriver } from "./cluster-driver.ts";
import { withResolvers } from "./resolvers.ts";
import type { JobObserver, Scheduling } from "./scheduling.ts";

/** Scheduling whose executors never come; stopping it says so to whoever waits for them. */
function starving(): Scheduling {
  const started = withResolvers();
  const nothing = (): void => undefined;
  return {
    start: () => started.promise,
    executors: () => Promise.resolve([]),
    work: () => Promise.resolve({ jobs: [], stages: [] }),
    listen: nothing,
    cancelStage: nothing,
    submit: nothing,
    cancel: nothing,
    cancelAll: nothing,
    releaseShuffles: nothing,
    unpersist: nothing,
    releaseNodes: nothing,
    addBroadcast: nothing,
    unpersistBroadcast: nothing,
    releaseBroadcasts: nothing,
    traffic: () => Promise.resolve({ fetchedBytes: 0, servedBytes: 0 }),
    stop: () => {
      started.reject(new Error("stopped early"));
      return Promise.resolve();
    },
  };
}

const request = {
  operation: "collect",
  partitions: [0],
  properties: {},
} as unknown as JobRequest;

/** What has become of it after everything else that was to happen. */
async function stateOf(promise: Promise<void>): Promise<string> {
  const settled = promise.then(
    () => "done",
    () => "rejected",
  );
  return Promise.race([settled, new Promise<string>((resolve) => setImmediate(() => resolve("waits")))]);
}

test("whoever waits for executors of a driver that is stopped is told", async () => {
  const driver = new ClusterDriver({ scheduling: starving(), defaultParallelism: 1 });
  const waiting = [driver.ready(), driver.runJob(request)].map(stateOf);
  await driver.stop();
  expect(await Promise.all(waiting)).toEqual(["rejected", "rejected"]);
});

test("whoever waits for executors when the process is told to end hears no more: no error ends it before the cluster knows", async () => {
  const driver = new ClusterDriver({ scheduling: starving(), defaultParallelism: 1 });
  const waiting = [driver.ready(), driver.runJob(request)].map(stateOf);
  await driver.abandon();
  expect(await Promise.all(waiting)).toEqual(["waits", "waits"]);
});

test("what tasks add counts also once the job's caller has thrown: the stage may be other jobs', too", async () => {
  const told: string[] = [];
  let observer: JobObserver | undefined;
  const scheduling: Scheduling = {
    ...starving(),
    start: () => Promise.resolve(),
    submit: (_job, _request, given) => (observer = given),
    cancel: () => told.push("cancelled"),
  };
  const driver = new ClusterDriver({ scheduling, defaultParallelism: 1 });
  const thrown = new Error("enough");
  const running = driver.runJob({
    ...request,
    onResult: () => {
      throw thrown;
    },
    onAccumulated: ({ kind, index }) => told.push(`${kind} ${index}`),
  });
  await new Promise((resolve) => setImmediate(resolve));
  const value = { bytes: new Uint8Array(1), encoded: false };
  observer?.onResult(0, value);
  observer?.onAccumulated({ kind: "shuffleMap", shuffle: 3, index: 7 }, new Uint8Array());
  observer?.onResult(1, value);
  observer?.onFailed({ kind: "cancelled", reason: "its caller threw" }, undefined);
  await expect(running).rejects.toBe(thrown);
  expect(told).toEqual(["cancelled", "shuffleMap 7"]);
});

describe.each<[string, (driver: ClusterDriver, controller: AbortController) => void]>([
  ["its signal", (_, controller) => controller.abort(new Error("enough"))],
  ["its group", (driver) => driver.cancelJobGroup("mine", "enough")],
  ["its number", (driver) => driver.cancelJob(1, "enough")],
  ["the end of all jobs", (driver) => driver.cancelAllJobs("enough")],
])("a job that is cancelled by %s", (_name, cancel) => {
  /** Scheduling whose executors are there at once and whose jobs end when they are cancelled only. */
  function begun() {
    const observers = new Map<number, JobObserver>();
    const end = (job: number, reason: string): void =>
      observers.get(job)?.onFailed({ kind: "cancelled", reason }, undefined);
    const scheduling: Scheduling = {
      ...starving(),
      start: () => Promise.resolve(),
      submit: (job, _request, observer) => observers.set(job, observer),
      cancel: end,
      cancelAll: (reason) => [...observers.keys()].forEach((job) => end(job, reason)),
    };
    const controller = new AbortController();
    const driver = new ClusterDriver({ scheduling, defaultParallelism: 1 });
    const running = driver.runJob({ ...request, properties: { group: "mine" }, signal: controller.signal });
    return { driver, controller, running, submitted: () => observers.size };
  }

  test("ends, whenever that happens between its beginning and its submission", async () => {
    for (let ticks = 0; ; ticks++) {
      const { driver, controller, running, submitted } = begun();
      running.catch(() => undefined);
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      const isSubmitted = submitted() > 0;
      cancel(driver, controller);
      const outcome = running.catch((error: unknown) => error);
      const waits = new Promise((resolve) => setImmediate(() => resolve(`was lost after ${ticks} ticks`)));
      expect(await Promise.race([outcome, waits])).toMatchObject({ code: "GLOAM_JOB_CANCELLED" });
      if (isSubmitted) return;
      expect(submitted()).toBe(0);
    }
  });
});
