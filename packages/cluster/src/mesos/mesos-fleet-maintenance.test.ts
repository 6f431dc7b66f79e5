import { expect, test } from "vitest";
import { FleetScene } from "./testing/fleet-scene.ts";

const day = 24 * 3_600_000;

/** An inverse offer for an agent whose window opens after so many milliseconds. */
function inverseOffer(scene: FleetScene, id: string, milliseconds: number): void {
  const start = { nanoseconds: (scene.timers.clock.now() + milliseconds) * 1_000_000 };
  const offer = {
    id: { value: id },
    framework_id: { value: "f" },
    agent_id: { value: "a" },
    unavailability: { start, duration: { nanoseconds: 3_600_000_000_000 } },
  };
  scene.event({ type: "INVERSE_OFFERS", inverse_offers: { inverse_offers: [offer] } });
}

const drains = (scene: FleetScene): readonly string[] => scene.told.filter((words) => words.startsWith("drain"));

test("an agent keeps its executors until its window is near, and then those leave that are there by then", () => {
  const scene = new FleetScene({ executors: 1 }).subscribe();
  scene.offer({ a: 8 });
  inverseOffer(scene, "far", 40 * day);
  expect(drains(scene)).toEqual([]);
  scene.timers.advance(20 * day);
  expect(drains(scene)).toEqual([]);
  scene.fleet.want(2);
  scene.offer({ a: 8 });
  scene.timers.advance(20 * day - 600_001);
  expect(drains(scene)).toEqual([]);
  scene.timers.advance(1);
  expect(drains(scene)).toEqual(["drain executor-1 600000", "drain executor-2 600000"]);
  expect(scene.of("ACCEPT_INVERSE_OFFERS")).toEqual([]);
  for (const task of scene.launched) scene.update(task, "TASK_FINISHED");
  expect(scene.of("ACCEPT_INVERSE_OFFERS")).toHaveLength(1);
});

test("a window that was closed before it was near disturbs nobody, and neither does one after the end", async () => {
  const scene = new FleetScene({ executors: 1 }).subscribe();
  scene.offer({ a: 8 });
  inverseOffer(scene, "closed", day);
  scene.event({ type: "RESCIND_INVERSE_OFFER", rescind_inverse_offer: { inverse_offer_id: { value: "closed" } } });
  scene.timers.advance(2 * day);
  expect(drains(scene)).toEqual([]);
  inverseOffer(scene, "late", day);
  scene.update(scene.launched[0]!, "TASK_FINISHED");
  await scene.fleet.stop();
  expect(scene.timers.pending).toBe(0);
});
