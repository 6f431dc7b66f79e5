import type { Offer } from "@gloam/mesos";
import { expect, test } from "vitest";
import { FleetUnderTest } from "./testing/fleet-under-test.ts";
import { offerOf } from "./testing/offers.ts";

/** Offers of agents that have room for eight executors. */
function agents(count: number, name: string): readonly Offer[] {
  return Array.from({ length: count }, (_, index) => offerOf({ agent: `${name}-${index}`, cpus: 8.5, mem: 100_000 }));
}

test("a large cluster is filled without holding up the scheduling thread", () => {
  const story = new FleetUnderTest({ executors: 4096 });
  story.client.isStrict = false;
  story.client.subscribe();
  story.offer(...agents(250, "first"));
  expect(story.started).toHaveLength(2000);
  const second = agents(250, "second");
  const begin = performance.now();
  story.offer(...second);
  expect(story.started).toHaveLength(4000);
  // It takes less than a second; a busy machine may need more.
  expect(performance.now() - begin).toBeLessThan(3000);
});
