import { describe, expect, test } from "vitest";
import { cartesianReader } from "./cartesian-reader.ts";
import { FakeMemory, readRows, readRowsAsync, rowsInput } from "./testing/fake-task.ts";

const product = (left: readonly unknown[], right: readonly unknown[]) => left.flatMap((x) => right.map((y) => [x, y]));

describe("cartesianReader", () => {
  const left = Array.from({ length: 12 }, (_, i) => `left ${i}`);
  const rights: Record<string, unknown[]> = {
    numbers: Array.from({ length: 10_000 }, (_, i) => i / 2),
    texts: Array.from({ length: 5000 }, (_, i) => `right ${i}`),
    anything: Array.from({ length: 2000 }, (_, i) => (i % 3 === 0 ? [i] : i % 3 === 1 ? { i } : new Map([[i, i]]))),
    nothing: [],
  };

  test.each(Object.entries(rights))("of %s is the same whatever the memory", (_name, right) => {
    const expected = product(left, right);
    for (const [limit, heapBudget] of [
      [1 << 24, 1 << 24],
      [1 << 24, 1000],
      [1 << 12, 1000],
      [0, 0],
    ] as const) {
      // prettier-ignore
      const memory = new FakeMemory(limit, limit, heapBudget);
      expect(readRows(cartesianReader, { memory }, [rowsInput(left, 5), rowsInput(right, 700)])).toEqual(expected);
      expect(memory.held).toBe(0);
      expect(memory.scratchFiles).toBe(0);
      expect(memory.peak).toBeLessThanOrEqual(limit);
    }
  });

  test.each([
    [true, false],
    [false, true],
    [true, true],
  ])("awaits the left (%s) and the right (%s)", async (first, second) => {
    const right = [1, 2, 3];
    const inputs = [rowsInput(left, 5, first), rowsInput(right, 2, second)];
    expect(await readRowsAsync(cartesianReader, {}, inputs)).toEqual(product(left, right));
  });
});
