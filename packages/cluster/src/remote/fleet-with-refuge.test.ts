import { expect, test } from "vitest";
import { FleetWithRefuge } from "./fleet-with-refuge.ts";
import { FakeFleet } from "./testing/fake-fleet.ts";

function started() {
  const [main, refuges] = [new FakeFleet(), new FakeFleet()];
  const fleet = new FleetWithRefuge(main, refuges);
  const told: string[] = [];
  void fleet.start({
    onStart: (executor) => told.push(`${executor} starts`),
    onExit: (executor) => told.push(`${executor} exits`),
    onDraining: (executor, within) => told.push(`${executor} goes within ${within}`),
    onFailure: (error) => told.push(error.message),
  });
  return { main, refuges, fleet, told };
}

test("there is no refuge before one is needed, and one however often it is", () => {
  const { refuges, fleet } = started();
  fleet.want(3);
  expect(refuges.observer).toBeUndefined();
  fleet.refuge();
  fleet.refuge();
  expect(refuges.wanted).toEqual([1]);
});

test("none is made for a fleet that has not started", () => {
  const refuges = new FakeFleet();
  new FleetWithRefuge(new FakeFleet(), refuges).refuge();
  expect(refuges.observer).toBeUndefined();
});

test("what is said of an executor goes to the fleet that it is of, and what is wanted are never refuges", () => {
  const { main, refuges, fleet, told } = started();
  fleet.refuge();
  main.observer?.onStart("executor-1");
  refuges.observer?.onStart("refuge-1");
  for (const executor of ["executor-1", "refuge-1"]) {
    fleet.worked(executor);
    fleet.leaving(executor);
    fleet.end(executor);
  }
  fleet.want(5);
  for (const [of, executor] of [
    [main, "executor-1"],
    [refuges, "refuge-1"],
  ] as const)
    // prettier-ignore
    expect([[...of.workers], of.left, of.ended]).toEqual([[executor], [executor], [executor]]);
  expect([main.wanted, refuges.wanted]).toEqual([[5], [1]]);
  expect(told).toEqual(["executor-1 starts", "refuge-1 starts"]);
});

test("the owner hears of both, but not that there can be no refuge", () => {
  const { main, refuges, fleet, told } = started();
  fleet.refuge();
  main.observer?.onDraining("executor-1", 500);
  refuges.observer?.onStart("refuge-1");
  refuges.observer?.onExit("refuge-1", { code: 1, signal: undefined });
  refuges.observer?.onFailure(new Error("no refuge"));
  main.observer?.onFailure(new Error("no executor"));
  expect(told).toEqual(["executor-1 goes within 500", "refuge-1 starts", "refuge-1 exits", "no executor"]);
});

test("both stop, and none is opened then", async () => {
  const { main, refuges, fleet } = started();
  await fleet.stop();
  expect([main.stopped, refuges.stopped]).toEqual([true, true]);
  fleet.refuge();
  expect(refuges.observer).toBeUndefined();
});
