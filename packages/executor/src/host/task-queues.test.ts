import { describe, expect, it } from "vitest";
import { TaskClaims } from "../task-claims.ts";
import { TaskQueues, type HostedTask } from "./task-queues.ts";

function queues(workers: number): { queues: TaskQueues; claims: TaskClaims } {
  const claims = new TaskClaims(TaskClaims.shared(workers * 2));
  return { queues: new TaskQueues(workers, 2, claims), claims };
}

const prepared = (task: number): HostedTask => ({ task }) as HostedTask;

describe("the workers' queues", () => {
  it("give a task to the worker that is wanted, while it has room", () => {
    const { queues: of } = queues(2);
    expect([1, 2, 3, 4].map((task) => of.assign(prepared(task), 0).worker)).toEqual([0, 0, 1, 1]);
  });

  it("let an idle worker take what waits elsewhere", () => {
    const { queues: of, claims } = queues(2);
    const first = of.assign(prepared(1), 0);
    of.assign(prepared(2), 0);
    claims.take(first.cell, first.ticket); // the worker starts it
    expect(of.steal(1)).toMatchObject({ task: 2, worker: 1 });
    expect(of.steal(1)).toBeUndefined();
  });

  it("leave a task to the worker that took it over, also where the other still has the message", () => {
    const { queues: of, claims } = queues(2);
    const first = of.assign(prepared(1), 0);
    const { cell, ticket } = of.assign(prepared(2), 0);
    claims.take(first.cell, first.ticket);
    const stolen = of.steal(1)!;
    expect(claims.take(cell, ticket)).toBe(false);
    expect(claims.take(stolen.cell, stolen.ticket)).toBe(true);
  });

  it("never take what has been started", () => {
    const { queues: of, claims } = queues(2);
    const both = [of.assign(prepared(1), 0), of.assign(prepared(2), 0)];
    for (const { cell, ticket } of both) claims.take(cell, ticket);
    expect(of.steal(1)).toBeUndefined();
  });

  it("keep what waits for the successor of a dead worker", () => {
    const { queues: of, claims } = queues(1);
    const first = of.assign(prepared(1), 0);
    of.assign(prepared(2), 0);
    claims.take(first.cell, first.ticket);
    expect(of.removeStarted(0)).toMatchObject([{ task: 1 }]);
    expect(of.of(0)).toMatchObject([{ task: 2 }]);
    const [waiting] = of.of(0);
    expect(claims.take(waiting!.cell, waiting!.ticket)).toBe(true);
  });

  it("use a cell again", () => {
    const { queues: of } = queues(1);
    for (let task = 1; task < 100; task++) of.remove(of.assign(prepared(task), 0));
    expect(of.of(0)).toEqual([]);
  });
});
