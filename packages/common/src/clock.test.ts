import { expect, test } from "vitest";
import { systemClock, VirtualClock } from "./clock.ts";

test("the system clock is near the wall clock and does not go back", () => {
  const first = systemClock.now();
  expect(Math.abs(first - Date.now())).toBeLessThan(10_000);
  expect(systemClock.now()).toBeGreaterThanOrEqual(first);
});

test("a virtual clock moves only when told, and only forward", () => {
  const clock = new VirtualClock(100);
  clock.advance(50);
  expect(clock.now()).toBe(150);
  expect(() => clock.advance(-1)).toThrow(RangeError);
});
