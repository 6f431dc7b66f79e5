import { runInThisContext } from "node:vm";
import fastCheck from "fast-check";
import { describe, expect, test } from "vitest";
import { arrayMapperSource } from "./array-mapper.ts";

type Mapped = (value: unknown, index: number, all: unknown[]) => unknown;
type Mapper = (array: unknown[], f: Mapped) => unknown[];
const mapArray = (runInThisContext(arrayMapperSource()) as (map: unknown) => Mapper)(
  Reflect.get(Array.prototype, "map"),
);

describe("mapping an array", () => {
  test("gives what map gives", () => {
    const anything = fastCheck.oneof(
      fastCheck.integer(),
      fastCheck.double(),
      fastCheck.string(),
      fastCheck.constant(undefined),
    );
    fastCheck.assert(
      fastCheck.property(fastCheck.sparseArray(anything, { maxLength: 20 }), (array) => {
        const seen: unknown[] = [];
        const f = (value: unknown, at: number, all: unknown): unknown => {
          seen.push(value, at, all === array);
          return typeof value === "number" ? value / 2 : [value];
        };
        const result = mapArray(array, f);
        const calls = seen.splice(0);
        expect(result).toStrictEqual(array.map(f));
        expect(calls).toStrictEqual(seen);
        expect(Object.keys(result)).toEqual(Object.keys(array));
      }),
    );
  });

  test("sees what its function does to the array", () => {
    const shrinking = (): number[] => [1, 2, 3, 4];
    const f = (value: unknown, at: number, all: unknown[]): unknown => {
      if (at === 0) all.length = 2;
      all.push(9);
      return value;
    };
    expect(mapArray(shrinking(), f)).toStrictEqual(shrinking().map(f));
  });

  test("calls the method of what is no plain array", () => {
    class Row extends Array<number> {}
    expect(mapArray(Row.from([1, 2, 3]), (value) => value)).toBeInstanceOf(Row);
    expect(mapArray(new Float64Array([1, 2]) as never, (value) => Number(value) * 2)).toEqual(new Float64Array([2, 4]));
    expect(mapArray({ map: () => "mine" } as never, (value) => value)).toBe("mine");
    expect(() => mapArray(undefined as never, (value) => value)).toThrow("Cannot read properties of undefined");
  });
});
