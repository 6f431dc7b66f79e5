import { compareKeys } from "@gloam/plan";
import { expect, test } from "vitest";
import { sortPartitionReader } from "./sort-partition-reader.ts";
import { FakeMemory, readRows, readRowsAsync, rowsInput } from "./testing/fake-task.ts";

type Pair = readonly [unknown, unknown];
const kinds: Record<string, (i: number) => Pair> = {
  numbers: (i) => [(i * 7919) % 5003, i],
  texts: (i) => [`word ${(i * 7919) % 5003}`, `value ${i}`.repeat(5)],
  anything: (i) => [i % 3 === 0 ? i : `${i % 97}`, i % 2 === 0 ? i : [i]],
};

test.each(Object.entries(kinds))("%s are sorted the same whatever is spilled", (_name, row) => {
  const rows = Array.from({ length: 60_000 }, (_, i) => row(i));
  const expected = rows.toSorted(([a], [b]) => compareKeys(a, b));
  for (const limit of [1 << 28, 0]) {
    const memory = new FakeMemory(limit);
    const data = { ascending: true, roles: [] };
    expect(readRows(sortPartitionReader, { data, memory }, [rowsInput(rows)])).toEqual(expected);
    expect(memory.held).toBe(0);
    expect(memory.scratchFiles).toBe(0);
    if (limit === 0) expect(memory.scratchBytes).toBeGreaterThan(0);
  }
});

test("by the user's comparison, descending, and of an asynchronous input", async () => {
  const rows = Array.from({ length: 3000 }, (_, i): Pair => [i % 100, i]);
  const descending = rows.toSorted(([a], [b]) => compareKeys(b, a));
  expect(readRows(sortPartitionReader, { data: { ascending: false, roles: [] } }, [rowsInput(rows)])).toEqual(
    descending,
  );
  const task = { data: { ascending: true, roles: ["compare"] }, functions: [(a: number, b: number) => b - a] };
  expect(await readRowsAsync(sortPartitionReader, task, [rowsInput(rows, 100, true)])).toEqual(descending);
  expect(readRows(sortPartitionReader, task, [rowsInput([])])).toEqual([]);
});
