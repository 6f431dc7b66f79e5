import { GloamError } from "@gloam/common";
import { expect, test } from "vitest";
import { FleetUnderTest } from "./testing/fleet-under-test.ts";
import { offerOf } from "./testing/offers.ts";

const removed = new GloamError("GLOAM_MESOS_ERROR", "Mesos ended the framework: Framework has been removed");

test("a framework that the master has removed is not taken over: another is registered", () => {
  const story = new FleetUnderTest();
  story.client.fail(removed);
  expect(story).toMatchObject({ clients: 2, removed: 1, failures: [] });
  story.client.subscribe();
  story.client.fail(removed);
  expect(story).toMatchObject({ clients: 2, removed: 2, failures: [removed] });
});

test("a framework that is refused for other reasons can still be taken over", () => {
  const story = new FleetUnderTest();
  const refused = new GloamError("GLOAM_MESOS_ERROR", "Mesos ended the framework: Roles are not allowed");
  story.client.fail(refused);
  expect(story).toMatchObject({ clients: 1, removed: 0, failures: [refused] });
});

test("an agent on which nothing starts is left alone, and the others go on", () => {
  const story = new FleetUnderTest({ executors: 16 });
  const large = (agent: string) => offerOf({ agent, cpus: 8.5, mem: 100_000 });
  story.client.subscribe();
  story.offer(large("bad"), large("good"));
  expect([story.on("bad").length, story.on("good").length]).toEqual([8, 8]);
  // One Mesos executor that cannot be started fails all its tasks.
  for (const executor of story.on("bad")) story.update(executor, "TASK_FAILED", { message: "exited with status 127" });
  expect(story.failures).toEqual([]);
  // However many executors that were: it failed once.
  story.timers.advance(10_001);
  story.offer(large("bad"));
  expect(story.on("bad")).toHaveLength(16);
  for (const executor of story.on("good")) story.update(executor, "TASK_FAILED");
  expect(story.failures).toEqual([]);
  for (const executor of story.on("bad").slice(8)) story.update(executor, "TASK_FAILED");
  expect(story.failures).toEqual([]);
  // Nothing starts anywhere: after five times there is no more to be tried.
  for (let round = 0; round < 2; round++) {
    story.timers.advance(60_000);
    story.offer(offerOf({ agent: "bad", cpus: 1.5 }));
    story.update(story.started.at(-1) ?? "", "TASK_FAILED");
  }
  expect(story.failures).toMatchObject([{ code: "GLOAM_WORKER_LOST" }]);
});

test("executors that were given up on an agent that is lost do not delay the end", async () => {
  const story = new FleetUnderTest({ executors: 2 });
  story.client.subscribe();
  story.offer(offerOf({ agent: "a" }), offerOf({ agent: "b" }));
  // Given up before and after the master has missed the agent.
  story.fleet.end("executor-1");
  story.update("executor-1", "TASK_UNREACHABLE");
  story.update("executor-2", "TASK_UNREACHABLE");
  expect(story.exited.map(({ executor }) => executor)).toEqual(["executor-1"]);
  story.fleet.end("executor-2");
  expect(story.exited.map(({ executor }) => executor)).toEqual(["executor-1", "executor-2"]);
  // Should one come back, it is ended.
  const kills = story.killed.length;
  story.update("executor-1", "TASK_RUNNING");
  expect(story.killed).toHaveLength(kills + 1);
  await story.fleet.stop();
});
