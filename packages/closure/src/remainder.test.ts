import { runInThisContext } from "node:vm";
import fastCheck from "fast-check";
import { expect, test } from "vitest";
import { remainderSource } from "./remainder.ts";

type Remainder = (dividend: unknown, divisor: number) => unknown;
const remainder = (runInThisContext(remainderSource()) as () => Remainder)();
const divisor = fastCheck.oneof(
  fastCheck.integer({ min: 2, max: 2 ** 31 - 1 }),
  fastCheck.integer({ min: 2, max: 1000 }),
  fastCheck.constantFrom(2, 3, 2 ** 30, 2 ** 31 - 1),
);
const around = 2 ** 54;

test("integers have the remainder that % gives", () => {
  const dividend = fastCheck.oneof(
    fastCheck.maxSafeInteger(),
    fastCheck.integer({ min: -around, max: around }),
    fastCheck.integer({ min: 2 ** 52 - 1000, max: 2 ** 52 + 1000 }),
  );
  fastCheck.assert(
    fastCheck.property(dividend, divisor, (x, m) => {
      expect(remainder(x, m)).toBe(x % m);
    }),
    { numRuns: 5000 },
  );
});

test("so have multiples of the divisor, and their neighbours", () => {
  const float = new Float64Array(1);
  const bits = new BigInt64Array(float.buffer);
  const neighbour = (x: number, steps: number): number => {
    float[0] = x;
    bits[0]! += BigInt(steps);
    return float[0];
  };
  fastCheck.assert(
    fastCheck.property(
      divisor,
      fastCheck.double({ min: 0, max: 1 }),
      fastCheck.integer({ min: -3, max: 3 }),
      (m, at, steps) => {
        const multiple = Math.floor(2 ** (31 + at * 21) / m) * m;
        for (const x of [multiple + steps, neighbour(multiple, steps)]) expect(remainder(x, m)).toBe(x % m);
      },
    ),
    { numRuns: 5000 },
  );
});

test("any float has the remainder that % gives", () => {
  fastCheck.assert(
    fastCheck.property(fastCheck.double(), divisor, (x, m) => {
      expect(remainder(x, m)).toBe(x % m);
    }),
    { numRuns: 5000 },
  );
  for (const x of [0, -0, NaN, Infinity, -Infinity, -6, 2 ** 31, 2 ** 52, 2 ** 53]) expect(remainder(x, 3)).toBe(x % 3);
});

test("what is no number is left to %", () => {
  expect(remainder("10000000000", 7)).toBe(10000000000 % 7);
  expect(remainder(undefined, 7)).toBeNaN();
  let calls = 0;
  expect(remainder({ valueOf: () => (calls++, 9) }, 7)).toBe(2);
  expect(calls).toBe(1);
  expect(() => remainder(10000000000n, 7)).toThrow("Cannot mix BigInt and other types");
});
