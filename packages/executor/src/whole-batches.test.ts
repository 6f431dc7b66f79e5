import { keyByKernel, keysKernel, mapKernel, valuesKernel, type KernelContext, type RowKernel, type Sink } from "@gloam/plan"; // prettier-ignore
import { expect, test } from "vitest";
import type { BoundKernel } from "./text-flow.ts";
import { wholeBatches } from "./whole-batches.ts";

function bound(kernel: RowKernel, use?: KernelContext["textUses"][number]): BoundKernel {
  return { kernel, context: { textUses: [use] } as unknown as KernelContext };
}

const taking: Sink = { takeCuts: () => true, takeJoined: () => true } as Partial<Sink> as Sink;
const cuts = bound(mapKernel, { kind: "cuts", cuts: { key: { from: 0, to: 1 }, value: { from: 2 } } });
const cut = bound(keyByKernel, { kind: "cut", cut: { from: 1 } });
const joined = bound(mapKernel, { kind: "joined", parts: [0, ","] });

test("a chain of one kernel that cuts or joins texts is taken whole", () => {
  for (const kernel of [cuts, cut]) expect(wholeBatches([kernel], taking)?.ofTexts).toBe(true);
  for (const kernel of [joined, bound(keysKernel), bound(valuesKernel)])
    expect(wholeBatches([kernel], taking)?.ofTexts).toBe(false);
});

test("other chains, and chains with other sinks, are not", () => {
  const other = {} as Sink;
  for (const kernel of [cuts, cut, joined]) {
    expect(wholeBatches([kernel], other)).toBeUndefined();
    expect(wholeBatches([kernel, bound(mapKernel)], taking)).toBeUndefined();
  }
  expect(wholeBatches([], taking)).toBeUndefined();
  expect(wholeBatches([bound(mapKernel)], taking)).toBeUndefined();
  expect(wholeBatches([bound(mapKernel, { kind: "cut", cut: { from: 1 } })], taking)).toBeUndefined();
});

test("rows go through the loop, and merged rows are not copied", () => {
  const given: unknown[] = [];
  const sink = { takeJoined: (rows: unknown) => given.push(rows) > 0 } as Partial<Sink> as Sink;
  const { take } = wholeBatches([joined], sink)!;
  expect(take({ length: 1, rows: ["a"] })).toBe(false);
  const columns = { length: 1, column: { kind: "null" } } as const;
  expect(take({ length: 1, columns })).toBe(true);
  const interleaved = { length: 1 } as never;
  const merged = {
    length: 1,
    interleaved,
    get columns(): never {
      throw new Error("copied");
    },
  };
  expect(take(merged)).toBe(true);
  expect(given).toEqual([columns, interleaved]);
});
