import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Reconciliation, type ReconciliationOptions } from "./reconciliation.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const task = (value: string) => ({ task_id: { value }, agent_id: { value: "agent" } });

function start(options: Partial<ReconciliationOptions> = {}) {
  const sent: string[][] = [];
  const unanswered: [string[], number][] = [];
  const reconciliation = new Reconciliation({
    send: (tasks) => sent.push(tasks.map(({ task_id }) => task_id.value)),
    onUnanswered: (tasks, rounds) => unanswered.push([tasks.map(({ task_id }) => task_id.value), rounds]),
    random: { next: () => 0 },
    ...options,
  });
  return { reconciliation, sent, unanswered };
}

test("asks until every task has answered, more and more rarely", () => {
  const { reconciliation, sent, unanswered } = start();
  reconciliation.begin(["a", "b", "c"].map(task));
  reconciliation.heard("b");
  vi.advanceTimersByTime(4999);
  expect(sent).toEqual([["a", "b", "c"]]);
  vi.advanceTimersByTime(1);
  expect(sent.slice(1)).toEqual([["a", "c"]]);
  vi.advanceTimersByTime(9999);
  expect(sent.length).toBe(2);
  vi.advanceTimersByTime(1);
  expect(sent.length).toBe(3);
  reconciliation.heard("a");
  reconciliation.heard("stranger");
  reconciliation.heard("c");
  expect(unanswered).toEqual([[["a", "c"], 1], [["a", "c"], 2]]); // prettier-ignore
  expect(vi.getTimerCount()).toBe(0);
});

test("does not become rarer without end", () => {
  const { reconciliation, sent } = start({ mostDelay: 20_000 });
  reconciliation.begin([task("a")]);
  vi.advanceTimersByTime(5000 + 10_000 * 9);
  expect(sent.length).toBe(11);
});

test("begins anew with a new subscription, and asks one question at a time", () => {
  const { reconciliation, sent } = start();
  reconciliation.begin([task("a")]);
  vi.advanceTimersByTime(4000);
  reconciliation.begin([task("b")]);
  vi.advanceTimersByTime(4000);
  expect(sent).toEqual([["a"], ["b"]]);
  reconciliation.stop();
  expect([vi.getTimerCount(), reconciliation.unanswered]).toEqual([0, []]);
});

test("now and then asks about all, while nothing is asked by name", () => {
  const { reconciliation, sent } = start({ implicitEvery: 100_000 });
  reconciliation.begin([]);
  vi.advanceTimersByTime(200_000);
  expect(sent).toEqual([[], []]);
  reconciliation.begin([task("a")]);
  vi.advanceTimersByTime(110_000);
  expect(sent.slice(2).every((tasks) => tasks.length === 1)).toBe(true);
  reconciliation.stop();
  expect(vi.getTimerCount()).toBe(0);
});
