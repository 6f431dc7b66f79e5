import { expect, test } from "vitest";
import { EndingExecutors } from "./ending-executors.ts";
import type { ProcessEnd } from "./fleet.ts";
import { VirtualTimers } from "./testing/virtual-timers.ts";

const killed: ProcessEnd = { code: undefined, signal: "SIGKILL" };

function ending(...ids: readonly string[]) {
  const timers = new VirtualTimers();
  const told: (readonly [string, ProcessEnd | undefined])[] = [];
  const executors = new EndingExecutors(timers);
  const add = (id: string): void => executors.add(id, (end) => told.push([id, end]));
  ids.forEach(add);
  return { timers, told, executors, add };
}

test("how a process ended is told once, of the one that it is known of", () => {
  const { timers, told, executors } = ending("a", "b");
  executors.settle("a", killed);
  executors.settle("a", undefined);
  executors.settle("c", killed);
  expect(told).toEqual([["a", killed]]);
  expect(timers.pending).toBe(1);
  timers.advance(10_000);
  expect(told).toEqual([
    ["a", killed],
    ["b", undefined],
  ]);
});

test("nobody waits longer than half a second to know, and what is known later is not told", () => {
  const { timers, told, executors } = ending("a");
  timers.advance(499);
  expect(told).toEqual([]);
  timers.advance(1);
  executors.settle("a", killed);
  expect(told).toEqual([["a", undefined]]);
  expect(timers.pending).toBe(0);
});

test("whoever is told may settle it again, or wait for another", () => {
  const { timers, told, executors, add } = ending();
  executors.add("a", (end) => {
    told.push(["first", end]);
    executors.settle("a", killed);
    add("a");
  });
  executors.settle("a", killed);
  expect(told).toEqual([["first", killed]]);
  timers.advance(500);
  expect(told).toEqual([
    ["first", killed],
    ["a", undefined],
  ]);
});

test("one that ends again under the same name leaves none that is never told of", () => {
  const { timers, told, executors } = ending("a");
  timers.advance(300);
  executors.add("a", (end) => told.push(["again", end]));
  expect(told).toEqual([["a", undefined]]);
  timers.advance(499);
  expect(told).toHaveLength(1);
  executors.settle("a", killed);
  expect(told.slice(1)).toEqual([["again", killed]]);
});

test("once nobody wants to know, nothing is told and no timer is left", () => {
  const { timers, told, executors } = ending("a", "b");
  executors.clear();
  expect(timers.pending).toBe(0);
  executors.settle("a", killed);
  timers.advance(1000);
  expect(told).toEqual([]);
});
