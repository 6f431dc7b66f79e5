import { GloamError, type Timers } from "@gloam/common";
import { expect, test } from "vitest";
import { Refusals } from "./refusals.ts";

function refusals() {
  const told: string[] = [];
  const actions = new Set<() => void>();
  const timers: Timers = {
    after: (_milliseconds, action) => {
      actions.add(action);
      return () => actions.delete(action);
    },
  };
  const refused = new Refusals((message) => told.push(message), timers);
  const add = (detail: string): void => refused.add(new GloamError("GLOAM_AUTH_FAILED", detail));
  const ring = (): void => {
    for (const action of [...actions]) {
      actions.delete(action);
      action();
    }
  };
  return { told, actions, refused, add, ring };
}

test("the first refusal is told at once, others once a minute", () => {
  const { told, add, ring } = refusals();
  add("a");
  add("b");
  add("c");
  expect(told).toEqual(["GLOAM_AUTH_FAILED: a"]);
  ring();
  expect(told).toEqual(["GLOAM_AUTH_FAILED: a", "2 more connections were refused; the last: GLOAM_AUTH_FAILED: c"]);
  add("d");
  expect(told).toHaveLength(2);
  ring();
  ring();
  add("e");
  expect(told.slice(2)).toEqual([
    "1 more connections were refused; the last: GLOAM_AUTH_FAILED: d",
    "GLOAM_AUTH_FAILED: e",
  ]);
});

test("what waits is told at the end, and no timer is left", () => {
  const { told, actions, refused, add } = refusals();
  refused.stop();
  add("a");
  add("b");
  refused.stop();
  expect(told).toEqual(["GLOAM_AUTH_FAILED: a", "1 more connections were refused; the last: GLOAM_AUTH_FAILED: b"]);
  expect(actions.size).toBe(0);
});
