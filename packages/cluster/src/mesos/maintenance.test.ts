import type { InverseOffer } from "@gloam/mesos";
import { expect, test } from "vitest";
import { InverseOffers, isNearMaintenance, timeToLeave, timeToStay, timeUntil } from "./maintenance.ts";

const minute = 60_000;
const windowOf = (start: number, duration?: number) => ({
  start: { nanoseconds: start * 1e6 },
  ...(duration !== undefined && { duration: { nanoseconds: duration * 1e6 } }),
});

function inverseOffer(id: string, agent: string | undefined, start = 0): InverseOffer {
  return {
    id: { value: id },
    framework_id: { value: "f" },
    ...(agent !== undefined && { agent_id: { value: agent } }),
    unavailability: windowOf(start),
  };
}

test.each([
  ["no window", undefined, false],
  ["one that is far", windowOf(10 * minute, minute), false],
  ["one that is near", windowOf(10 * minute - 1, minute), true],
  ["one that is open", windowOf(-minute, 2 * minute), true],
  ["one that is just over", windowOf(-minute, minute - 1), false],
  ["one that never ends", windowOf(-1000 * minute), true],
])("%s: near maintenance: %s", (_, unavailability, isNear) => {
  expect(isNearMaintenance(unavailability, 0)).toBe(isNear);
});

test("the time that is left is none when the window is open, and no longer than timers count", () => {
  expect(timeUntil(windowOf(5000), 7000)).toBe(-2000);
  expect(timeToLeave(inverseOffer("i", "a", 5000), 7000)).toBe(0);
  expect(timeToLeave(inverseOffer("i", "a", 5000), 1000)).toBe(4000);
  expect(timeToLeave(inverseOffer("i", "a", 1e13), 0)).toBe(2 ** 31 - 1);
});

test("executors stay until ten minutes before the window, and no longer than timers count", () => {
  expect(timeToStay(inverseOffer("i", "a", 11 * minute), 0)).toBe(minute);
  expect(timeToStay(inverseOffer("i", "a", 11 * minute), 2 * minute)).toBe(0);
  expect(timeToStay(inverseOffer("i", "a", 1e13), 0)).toBe(2 ** 31 - 1);
});

test("inverse offers wait until their agents are vacant, and are taken once", () => {
  const offers = new InverseOffers();
  for (const [id, agent] of [["1", "a"], ["2", "b"], ["3", undefined], ["4", "a"]] as const) offers.add(inverseOffer(id, agent)); // prettier-ignore
  const take = (...vacant: readonly (string | undefined)[]): string[] =>
    offers.takeVacated((agent) => vacant.includes(agent)).map(({ id }) => id.value);
  expect(offers.has(inverseOffer("4", "a"))).toBe(true);
  offers.rescinded("4");
  expect(offers.has(inverseOffer("4", "a"))).toBe(false);
  offers.rescinded("unknown");
  expect(take("c")).toEqual([]);
  expect(take("a")).toEqual(["1"]);
  expect(take("a")).toEqual([]);
  expect(take(undefined)).toEqual(["3"]);
  offers.clear();
  expect(take("b")).toEqual([]);
});
