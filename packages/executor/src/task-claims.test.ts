import { describe, expect, it } from "vitest";
import { TaskClaims } from "./task-claims.ts";

describe("task claims", () => {
  it("gives a task to one side only", () => {
    const buffer = TaskClaims.shared(2);
    const owner = new TaskClaims(buffer);
    const worker = new TaskClaims(buffer);
    const ticket = owner.offer(1);
    expect([worker.take(1, ticket), owner.take(1, ticket)]).toEqual([true, false]);
  });

  it("takes nothing out of an empty cell", () => {
    const claims = new TaskClaims(TaskClaims.shared(2));
    const ticket = claims.offer(0);
    expect([claims.take(1, ticket), claims.take(0, ticket), claims.take(0, ticket)]).toEqual([false, true, false]);
  });

  it("does not confuse an offer with a later one of the same cell", () => {
    const claims = new TaskClaims(TaskClaims.shared(1));
    const [first, second] = [claims.offer(0), claims.offer(0)];
    expect([claims.take(0, first), claims.take(0, second)]).toEqual([false, true]);
  });
});
