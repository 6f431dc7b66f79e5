import { expect, test } from "vitest";
import { combineReader } from "./combine-reader.ts";
import { combineWriter } from "./combine-writer.ts";
import { FakeMemory, readRows, rowsInput, shuffleInput, writeRows } from "./testing/fake-task.ts";

const pairs = Array.from({ length: 20_000 }, (_, i) => [`key ${i % 700}`, (i * 7919) % 10_007] as const);

function model(limit: number, compare: (a: number, b: number) => number): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [key, value] of pairs) groups.set(key, [...(groups.get(key) ?? []), value]);
  return new Map([...groups].map(([key, values]) => [key, values.sort((a, b) => compare(b, a)).slice(0, limit)]));
}

const orders = {
  value: { roles: [], functions: [], compare: (a: number, b: number) => a - b },
  key: {
    roles: ["key"],
    functions: [(x: number) => x % 100],
    compare: (a: number, b: number) => (a % 100) - (b % 100),
  },
  compare: {
    roles: ["compare"],
    functions: [(a: number, b: number) => b - a],
    compare: (a: number, b: number) => b - a,
  },
};

test.each(Object.entries(orders))("the last by %s are the same whatever is spilled", (_name, order) => {
  const { roles, functions, compare } = order;
  for (const bytes of [1 << 18, 1 << 26]) {
    const memory = new FakeMemory(bytes);
    const task = (mapSide: boolean) => ({ memory, functions, data: { roles, top: 3, partitions: 1, mapSide } });
    const written = [pairs.slice(0, 9000), pairs.slice(9000)].map((rows) => writeRows(combineWriter, task(true), rows));
    const combined = readRows(combineReader, task(true), [shuffleInput(written, 0)]) as [string, number[]][];
    expect(new Map(combined)).toEqual(model(3, compare));
    const direct = readRows(combineReader, task(false), [rowsInput(pairs)]) as [string, number[]][];
    expect(new Map(direct)).toEqual(model(3, compare));
    expect(memory.held).toBe(0);
  }
});
