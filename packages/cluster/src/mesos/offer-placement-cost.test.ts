import { expect, test } from "vitest";
import { FleetScene } from "./testing/fleet-scene.ts";

/** Offers of agents with eight cpus and a little more. */
function agents(count: number, name: string): Readonly<Record<string, number>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${name}-${index}`, 8.5]));
}

test("a large cluster is filled without holding up the scheduling thread", () => {
  const scene = new FleetScene({ executors: 4096 }).subscribe();
  scene.offer(agents(250, "first"));
  expect(scene.launched).toHaveLength(2000);
  const begin = performance.now();
  scene.offer(agents(250, "second"));
  expect(scene.launched).toHaveLength(4000);
  // It takes less than a second; a busy machine may need more.
  expect(performance.now() - begin).toBeLessThan(3000);
});
