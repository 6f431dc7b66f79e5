import { describe, expect, test } from "vitest";
import { ExecutorAllocation, type AllocatedExecutor, type AllocationOptions } from "./executor-allocation.ts";
import { VirtualTimers } from "./testing/virtual-timers.ts";

function allocation(options: Partial<AllocationOptions> = {}) {
  const timers = new VirtualTimers();
  const wanted: number[] = [];
  const gone: string[] = [];
  let executors: AllocatedExecutor[] = [];
  const allocating = new ExecutorAllocation(
    {
      minExecutors: 0,
      initialExecutors: Math.max(1, options.minExecutors ?? 0),
      maxExecutors: 10,
      placesPerExecutor: 2,
      executorIdleTimeout: 1000,
      schedulerBacklogTimeout: 100,
      decommissionTimeout: 5000,
      ...options,
    },
    { timers, clock: timers.clock },
    {
      executors: () => executors.filter(({ id }) => !gone.includes(id)),
      isMoving: () => executors.some(({ id, holds }) => holds && gone.includes(id)),
      want: (count) => wanted.push(count),
      letGo: (id) => gone.push(id),
    },
  );
  allocating.start();
  const there = (...ids: readonly string[]): void => {
    executors = ids.map((id) => ({ id: id.replace(/[*+]/g, ""), isIdle: !id.includes("+"), holds: id.includes("*") }));
  };
  return { allocating, timers, wanted, gone, there };
}

describe("executors that are asked for", () => {
  test("are few at first, then twice as many each time, up to what can be used", () => {
    const { allocating, timers, wanted } = allocation();
    allocating.demand(15);
    timers.advance(99);
    expect(wanted).toEqual([]);
    timers.advance(1);
    expect(wanted).toEqual([2]);
    timers.advance(200);
    expect(wanted).toEqual([2, 4, 8]);
    timers.advance(1000);
    expect(wanted).toEqual([2, 4, 8]);
  });

  test("are no more than there may be, and none when nothing waits any more", () => {
    const { allocating, timers, wanted } = allocation({ maxExecutors: 3 });
    allocating.demand(100);
    timers.advance(500);
    expect(wanted).toEqual([2, 3]);
    const other = allocation();
    other.allocating.demand(100);
    other.allocating.demand(0);
    other.timers.advance(500);
    expect(other.wanted).toEqual([]);
  });

  test("are none where those that there are suffice", () => {
    const { allocating, timers, wanted } = allocation({ minExecutors: 3 });
    allocating.demand(6);
    timers.advance(500);
    expect(wanted).toEqual([]);
  });
});

describe("executors that have nothing to do", () => {
  test("are let go after a while, down to the fewest", () => {
    const { timers, wanted, gone, there } = allocation({ minExecutors: 2 });
    there("a", "b");
    timers.advance(5000);
    expect(gone).toEqual([]);
    const none = allocation();
    none.there("a");
    none.timers.advance(1000);
    expect(none.gone).toEqual([]);
    none.timers.advance(250);
    expect(none.gone).toEqual(["a"]);
    expect([wanted, none.wanted]).toEqual([[], [0]]);
  });

  test("stay while they are busy now and then", () => {
    const { timers, gone, there } = allocation();
    for (let look = 0; look < 8; look++) {
      there(look % 3 === 0 ? "a+" : "a");
      timers.advance(250);
    }
    expect(gone).toEqual([]);
  });

  test("stay while as many could be used", () => {
    const { allocating, timers, gone, there } = allocation();
    there("a", "b");
    allocating.demand(3);
    timers.advance(5000);
    expect(gone).toEqual([]);
    allocating.demand(1);
    timers.advance(5000);
    expect(gone).toEqual(["a"]);
  });

  test("stay where they hold blocks that nobody else could take", () => {
    const { allocating, timers, gone, there } = allocation();
    allocating.demand(4);
    timers.advance(100);
    allocating.demand(0);
    there("a*", "b*");
    timers.advance(1250);
    expect(gone).toEqual(["a"]);
    timers.advance(5000);
    expect(gone).toEqual(["a"]);
    there("b");
    timers.advance(250);
    expect(gone).toEqual(["a", "b"]);
  });
});

test("stopping leaves no timer", () => {
  const { allocating, timers } = allocation();
  allocating.demand(100);
  allocating.stop();
  expect(timers.pending).toBe(0);
});
