import { describe, expect, it } from "vitest";
import { TaskClaims } from "./task-claims.ts";

describe("task claims", () => {
  it("gives a task to one side only", () => {
    const buffer = TaskClaims.shared(2);
    const owner = new TaskClaims(buffer);
    const worker = new TaskClaims(buffer);
    owner.offer(1, 7);
    expect([worker.take(1, 7), owner.take(1, 7)]).toEqual([true, false]);
  });

  it("knows a first task from an empty cell", () => {
    const claims = new TaskClaims(TaskClaims.shared(1));
    claims.offer(0, 0);
    expect([claims.take(0, 0), claims.take(0, 0)]).toEqual([true, false]);
  });

  it("does not confuse a task with a later one in the same cell", () => {
    const claims = new TaskClaims(TaskClaims.shared(1));
    claims.offer(0, 7);
    claims.offer(0, 8);
    expect([claims.take(0, 7), claims.take(0, 8)]).toEqual([false, true]);
  });
});
