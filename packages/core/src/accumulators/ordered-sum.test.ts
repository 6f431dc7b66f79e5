import fc from "fast-check";
import { expect, test } from "vitest";
import { OrderedSum } from "./ordered-sum.ts";

const add = (total: unknown, value: unknown): string => `(${String(total)} ${String(value)})`;

function sumOf(order: readonly number[], added: readonly (string | undefined)[]): OrderedSum {
  const sum = new OrderedSum(add);
  for (const index of order) {
    const value = added[index];
    sum.take(index, value === undefined ? undefined : { value });
  }
  return sum;
}

test("the sum is the same in whatever order tasks end, also where some add nothing or never end", () => {
  const task = fc.record({ value: fc.constantFrom("a", "b", "c", undefined), turn: fc.double({ noNaN: true }) });
  fc.assert(
    fc.property(fc.array(task, { maxLength: 12 }), fc.nat(12), (tasks, missing) => {
      const indices = [...tasks.keys()].filter((index) => index !== missing);
      const turns = indices.toSorted((one, other) => (tasks[one]?.turn ?? 0) - (tasks[other]?.turn ?? 0));
      const values: (string | undefined)[] = tasks.map(({ value }) => value);
      const added = indices.flatMap((index) => values[index] ?? []);
      const expected = added.length === 0 ? undefined : { value: added.reduce(add) };
      expect(sumOf(turns, values).finish()).toEqual(expected);
    }),
  );
});

test("what has come can be looked at before all is there", () => {
  const sum = sumOf([3, 0, 1], ["a", "b", undefined, "d"]);
  expect(sum.parts()).toEqual(["(a b)", "d"]);
  sum.take(2, undefined);
  expect(sum.parts()).toEqual(["((a b) d)"]);
});
