import type { JobRequest } from "@gloam/plan";
import { expect, test } from "vitest";
import { ClusterDriver } from "./cluster-driver.ts";
import { withResolvers } from "./resolvers.ts";
import type { Scheduling } from "./scheduling.ts";

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
