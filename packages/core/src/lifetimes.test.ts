import type { Dependency, PlanNode } from "@gloam/plan";
import { describe, expect, test } from "vitest";
import { Lifetimes, type Unreachable } from "./lifetimes.ts";

function node(id: number, ...dependencies: readonly Dependency[]): PlanNode {
  return {
    id,
    operation: "test",
    callSite: undefined,
    dependencies,
    kernel: { package: "test", export: "none", functions: [] },
    partitioner: undefined,
    determinism: "determinate",
    partitionCount: () => 1,
  };
}

const narrow = (parent: PlanNode): Dependency => ({ kind: "narrow", parent, mapping: { kind: "oneToOne" } });
const shuffle = (parent: PlanNode, id: number): Dependency => ({
  kind: "shuffle",
  shuffle: id,
  parent,
  writer: parent.kernel,
  partitionCount: () => 1,
});

function recorded(): { readonly lifetimes: Lifetimes; readonly freed: Unreachable[] } {
  const freed: Unreachable[] = [];
  return { lifetimes: new Lifetimes((what) => freed.push(what)), freed };
}

describe("lifetimes", () => {
  test("a node is freed with its last handle, and with it the ancestors that only it needed", () => {
    const { lifetimes, freed } = recorded();
    const source = node(1);
    const reduced = node(2, shuffle(source, 7));
    const mapped = node(3, narrow(reduced));
    const [first, second, third] = [{}, {}, {}];
    lifetimes.track(first, source);
    lifetimes.track(second, mapped);
    lifetimes.track(third, mapped);
    expect(lifetimes.size).toBe(3);
    lifetimes.untrack(second, mapped);
    expect(freed).toEqual([]);
    lifetimes.untrack(third, mapped);
    expect(freed).toEqual([{ nodes: [3, 2], shuffles: [7] }]);
    lifetimes.untrack(first, source);
    expect(freed[1]).toEqual({ nodes: [1], shuffles: [] });
    expect(lifetimes.size).toBe(0);
  });

  test("what a node that is cut off depended on is freed, unless somebody else needs it", () => {
    const { lifetimes, freed } = recorded();
    const source = node(1);
    const other = node(2);
    const reduced = node(3, shuffle(source, 7), narrow(other));
    const mapped = node(4, narrow(reduced));
    const [first, second] = [{}, {}];
    lifetimes.track(first, mapped);
    lifetimes.track(second, other);
    lifetimes.cut(reduced, reduced.dependencies);
    expect(freed).toEqual([
      { nodes: [], shuffles: [7] },
      { nodes: [1], shuffles: [] },
    ]);
    expect(lifetimes.size).toBe(3);
    // Of one that nobody holds any more all is freed already.
    lifetimes.cut(source, []);
    expect(freed).toHaveLength(2);
  });

  test("a shuffle that another node reads too is freed with that, not when one of them is cut off", () => {
    const { lifetimes, freed } = recorded();
    const source = node(1);
    const sorted = node(2, shuffle(source, 7));
    const range = node(3, shuffle(source, 7));
    const [first, second] = [{}, {}];
    lifetimes.track(first, sorted);
    lifetimes.track(second, range);
    lifetimes.cut(sorted, sorted.dependencies);
    expect(freed).toEqual([]);
    lifetimes.untrack(second, range);
    expect(freed).toEqual([{ nodes: [3, 1], shuffles: [7] }]);
  });

  test("a handle lets go once, however often it is disposed of", () => {
    const { lifetimes, freed } = recorded();
    const source = node(1);
    const [first, second] = [{}, {}];
    lifetimes.track(first, source);
    lifetimes.track(second, source);
    lifetimes.untrack(first, source);
    lifetimes.untrack(first, source);
    expect(freed).toEqual([]);
  });

  test("a running job holds its nodes", () => {
    const { lifetimes, freed } = recorded();
    const reduced = node(2, shuffle(node(1), 7));
    const handle = {};
    lifetimes.track(handle, reduced);
    lifetimes.hold(reduced);
    lifetimes.untrack(handle, reduced);
    expect(freed).toEqual([]);
    lifetimes.release(reduced);
    expect(freed).toEqual([{ nodes: [2, 1], shuffles: [7] }]);
  });

  test("a parent that a node reads twice is held twice", () => {
    const { lifetimes, freed } = recorded();
    const source = node(1);
    const joined = node(2, shuffle(source, 7), shuffle(source, 8));
    const handle = {};
    lifetimes.track(handle, joined);
    lifetimes.untrack(handle, joined);
    expect(freed).toEqual([{ nodes: [2, 1], shuffles: [7, 8] }]);
    expect(lifetimes.size).toBe(0);
  });

  test("a shuffle that two nodes read is freed with the second", () => {
    const { lifetimes, freed } = recorded();
    const source = node(1);
    const sorted = node(2, shuffle(source, 7));
    const range = node(3, shuffle(source, 7));
    const [first, second] = [{}, {}];
    lifetimes.track(first, sorted);
    lifetimes.track(second, range);
    lifetimes.untrack(first, sorted);
    expect(freed).toEqual([{ nodes: [2], shuffles: [] }]);
    lifetimes.untrack(second, range);
    expect(freed[1]).toEqual({ nodes: [3, 1], shuffles: [7] });
  });

  test("a chain of 100,000 nodes is freed without recursion", () => {
    const { lifetimes, freed } = recorded();
    let last = node(0);
    for (let id = 1; id < 100_000; id++) last = node(id, narrow(last));
    const handle = {};
    lifetimes.track(handle, last);
    lifetimes.untrack(handle, last);
    expect(freed[0]?.nodes).toHaveLength(100_000);
  });
});
