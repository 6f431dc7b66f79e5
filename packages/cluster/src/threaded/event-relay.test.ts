import { expect, test } from "vitest";
import { VirtualTimers } from "../remote/testing/virtual-timers.ts";
import type { SchedulingEvent } from "../scheduling-event.ts";
import { EventRelay } from "./event-relay.ts";

function event(stage: number): SchedulingEvent {
  return { type: "stageCompleted", time: 0, stage, attempt: 0, succeeded: true };
}

function relay() {
  const timers = new VirtualTimers();
  const sent: number[][] = [];
  const events = new EventRelay((batch) => sent.push(batch.map((each) => ("stage" in each ? each.stage : -1))), timers);
  return { timers, sent, events };
}

test("events wait for others, for a while", () => {
  const { timers, sent, events } = relay();
  events.add(event(1));
  timers.advance(49);
  events.add(event(2));
  expect(sent).toEqual([]);
  timers.advance(1);
  expect(sent).toEqual([[1, 2]]);
  events.add(event(3));
  timers.advance(50);
  expect(sent).toEqual([[1, 2], [3]]);
});

test("a flush sends what waits, once", () => {
  const { timers, sent, events } = relay();
  events.flush();
  events.add(event(1));
  events.flush();
  timers.advance(100);
  expect(sent).toEqual([[1]]);
});

test("no more than a thousand wait", () => {
  const { sent, events } = relay();
  for (let stage = 0; stage < 2500; stage++) events.add(event(stage));
  expect(sent.map(({ length }) => length)).toEqual([1000, 1000]);
});
