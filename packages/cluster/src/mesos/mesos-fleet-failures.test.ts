import { GloamError } from "@gloam/common";
import { expect, test } from "vitest";
import { FleetScene } from "./testing/fleet-scene.ts";

const removed = new GloamError("GLOAM_MESOS_ERROR", "Mesos ended the framework: Framework has been removed");

test("a framework that the master has removed is not taken over: another is registered", () => {
  const scene = new FleetScene();
  scene.fail(removed);
  expect(scene).toMatchObject({ clients: 2, removed: 1, failures: [] });
  scene.subscribe();
  scene.fail(removed);
  expect(scene).toMatchObject({ clients: 2, failures: [removed] });
});

test("a framework that is refused for other reasons can still be taken over", () => {
  const scene = new FleetScene();
  const refused = new GloamError("GLOAM_MESOS_ERROR", "Mesos ended the framework: Roles are not allowed");
  scene.fail(refused);
  expect(scene).toMatchObject({ clients: 1, removed: 0, failures: [refused] });
});

test("an agent on which nothing starts is left alone, and the others go on", () => {
  const scene = new FleetScene({ executors: 16 }).subscribe();
  scene.offer({ bad: 8.5, good: 8.5 });
  expect([scene.on("bad").length, scene.on("good").length]).toEqual([8, 8]);
  // One Mesos executor that cannot be started fails all its tasks.
  for (const task of scene.on("bad")) scene.update(task, "TASK_FAILED", { message: "exited with status 127" });
  expect(scene.failures).toEqual([]);
  // However many executors that were: it failed once.
  scene.timers.advance(10_001);
  scene.offer({ bad: 8.5 });
  expect(scene.on("bad")).toHaveLength(16);
  for (const task of scene.on("good")) scene.update(task, "TASK_FAILED");
  expect(scene.failures).toEqual([]);
  for (const task of scene.on("bad").slice(8)) scene.update(task, "TASK_FAILED");
  expect(scene.failures).toEqual([]);
  // Nothing starts anywhere: after five times there is no more to be tried.
  for (let round = 0; round < 2; round++) {
    scene.timers.advance(60_000);
    scene.offer({ bad: 1.5 });
    scene.update(scene.launched.at(-1)!, "TASK_FAILED");
  }
  expect(scene.failures).toMatchObject([{ code: "GLOAM_WORKER_LOST" }]);
});

test("a Mesos executor whose launch the master did not take is not believed to run", async () => {
  const scene = new FleetScene().subscribe();
  scene.answer = ({ type }) => {
    if (type === "ACCEPT") throw new GloamError("GLOAM_MESOS_DISCONNECTED", "no answer");
  };
  scene.offer({ a: 2 });
  await expect.poll(() => scene.told).toEqual(["start executor-1", "exit executor-1"]);
  scene.answer = () => undefined;
  scene.offer({ a: 2 });
  const [first, second] = scene.launched;
  expect(second?.executor?.executor_id).not.toEqual(first?.executor?.executor_id);
});

test("a Mesos executor that has ended unnoticed is not believed to run once a task for it is refused", () => {
  const scene = new FleetScene().subscribe();
  scene.offer({ a: 2 });
  const [first] = scene.launched;
  scene.update(first!, "TASK_ERROR", { message: "Total resources required by task and its executor are too many" });
  scene.timers.advance(10_001);
  scene.offer({ a: 2 });
  expect(scene.launched[1]?.executor?.executor_id).not.toEqual(first?.executor?.executor_id);
});

test("executors that were given up on an agent that is lost do not delay the end", async () => {
  const scene = new FleetScene({ executors: 2 }).subscribe();
  scene.offer({ a: 1.5, b: 1.5 });
  const [first, second] = scene.launched;
  // Given up before and after the master has missed the agent.
  scene.fleet.end("executor-1");
  scene.update(first!, "TASK_UNREACHABLE");
  scene.update(second!, "TASK_UNREACHABLE");
  expect(scene.told).toEqual(["start executor-1", "start executor-2", "exit executor-1"]);
  scene.fleet.end("executor-2");
  await scene.fleet.stop();
  // Should one come back, it is ended.
  const kills = scene.of("KILL").length;
  scene.update(first!, "TASK_RUNNING");
  expect(scene.of("KILL")).toHaveLength(kills + 1);
});
