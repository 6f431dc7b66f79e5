import { encodeUpdates } from "@gloam/plan";
import { expect, test } from "vitest";
import { Accumulators } from "./accumulators.ts";

function lists(): {
  readonly all: Accumulators;
  readonly id: number;
  readonly value: () => unknown;
  reset: () => void;
} {
  const all = new Accumulators();
  const { data, sum } = all.create({ kind: "collection", name: "seen" });
  return { all, id: data.id, value: () => sum.value, reset: () => sum.reset() };
}

test("a map partition counts once, whatever job computes it anew, until its shuffle is gone", () => {
  const { all, id, value } = lists();
  const updates = encodeUpdates([[id, ["x"]]]);
  const task = { kind: "shuffleMap", shuffle: 3, index: 0 } as const;
  const first = all.job([3]);
  first.take(task, updates);
  first.take(task, updates);
  first.settle();
  const second = all.job([3]);
  second.take(task, updates);
  second.settle();
  expect(value()).toEqual(["x"]);
  all.forgetShuffles([3]);
  all.job([3]).take(task, updates);
  expect(value()).toEqual(["x", "x"]);
});

test("stages are added up in their order, results last, and tasks in the order of partitions", () => {
  const { all, id, value } = lists();
  const job = all.job([7, 5]);
  job.take({ kind: "result", index: 0 }, encodeUpdates([[id, ["result"]]]));
  job.take({ kind: "shuffleMap", shuffle: 7, index: 1 }, encodeUpdates([[id, ["7/1"]]]));
  job.take({ kind: "shuffleMap", shuffle: 5, index: 0 }, encodeUpdates([[id]]));
  job.take({ kind: "shuffleMap", shuffle: 7, index: 0 }, encodeUpdates([[id, ["7/0"]]]));
  job.take({ kind: "shuffleMap", shuffle: 5, index: 1 }, encodeUpdates([[id, ["5/1", "too"]]]));
  expect(value()).toHaveLength(5);
  job.settle();
  expect(value()).toEqual(["5/1", "too", "7/0", "7/1", "result"]);
});

test("a look at the value while tasks run changes nothing", () => {
  const { all, id, value, reset } = lists();
  const job = all.job([]);
  for (const index of [0, 2]) job.take({ kind: "result", index }, encodeUpdates([[id, [index]]]));
  expect([value(), value()]).toEqual([[0, 2], [0, 2]]); // prettier-ignore
  job.take({ kind: "result", index: 1 }, encodeUpdates([[id, [1]]]));
  job.settle();
  expect(value()).toEqual([0, 1, 2]);
  reset();
  expect(value()).toEqual([]);
});

test("what merging throws is told, and said once", () => {
  const all = new Accumulators();
  const merge = (): never => {
    throw new RangeError("too much");
  };
  const { data, sum } = all.create({ kind: "custom", name: undefined, zero: encodeUpdates([]), merge });
  const job = all.job([]);
  job.take({ kind: "result", index: 1 }, encodeUpdates([[data.id, 1]]));
  job.take({ kind: "result", index: 2 }, encodeUpdates([[data.id, 2]]));
  expect(() => job.settle()).toThrow("too much");
  expect(() => job.settle()).not.toThrow();
  expect(sum.value).toEqual([]);
});

test("tasks that are done with accumulators nobody has any more are no trouble", () => {
  const all = new Accumulators();
  const job = all.job([]);
  job.take({ kind: "result", index: 0 }, encodeUpdates([[99, 1]]));
  job.settle();
  expect(all.nameOf(99)).toBeUndefined();
});
