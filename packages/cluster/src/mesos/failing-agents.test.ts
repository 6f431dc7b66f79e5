import { VirtualClock } from "@gloam/common";
import { expect, test } from "vitest";
import { FailingAgents } from "./failing-agents.ts";

test("an agent is left alone longer with each failure, up to ten minutes, and others are not", () => {
  const clock = new VirtualClock(1000);
  const agents = new FailingAgents(clock);
  const pauses: number[] = [];
  for (let failure = 0; failure < 9; failure++) {
    expect(agents.pause("a")).toBe(0);
    expect(agents.failed("a", clock.now())).toBe(true);
    pauses.push(agents.pause("a") / 1000);
    clock.advance(agents.pause("a"));
  }
  expect(pauses).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
  expect(agents.pause("b")).toBe(0);
});

test("what was running when the last one failed is no failure of its own", () => {
  const clock = new VirtualClock();
  const agents = new FailingAgents(clock);
  clock.advance(100);
  expect(agents.failed("a", 0)).toBe(true);
  clock.advance(100);
  expect(agents.failed("a", 50)).toBe(false);
  expect(agents.pause("a")).toBe(9900);
  expect(agents.failed("b", 50)).toBe(true);
  clock.advance(9900);
  expect(agents.failed("a", clock.now())).toBe(true);
});

test("one executor that works makes an agent as good as any", () => {
  const clock = new VirtualClock();
  const agents = new FailingAgents(clock);
  agents.failed("a", 0);
  agents.worked("a");
  expect(agents.pause("a")).toBe(0);
  agents.failed("a", 0);
  expect(agents.pause("a")).toBe(10_000);
});
