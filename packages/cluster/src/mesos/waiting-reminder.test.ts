import { expect, test } from "vitest";
import { VirtualTimers } from "../remote/testing/virtual-timers.ts";
import { WaitingReminder } from "./waiting-reminder.ts";

test("the user is told after five seconds of waiting, and then each minute, until nobody waits", () => {
  const timers = new VirtualTimers();
  const told: number[] = [];
  let isWaiting = false;
  const reminder = new WaitingReminder({
    timers,
    isWaiting: () => isWaiting,
    describe: () => "more",
    notify: () => told.push(timers.clock.now()),
  });
  reminder.start();
  timers.advance(5000);
  isWaiting = true;
  timers.advance(5000);
  expect(told).toEqual([10_000]);
  timers.advance(60_000);
  expect(told).toEqual([10_000, 70_000]);
  isWaiting = false;
  timers.advance(120_000);
  expect(told).toHaveLength(2);
  reminder.stop();
  expect(timers.pending).toBe(0);
});
