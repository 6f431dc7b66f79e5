import { rowsOf } from "@gloam/arrow";
import { hashKey, partitionOf } from "@gloam/plan";
import fc from "fast-check";
import { expect, test } from "vitest";
import { PairScatter } from "./pair-scatter.ts";

const destinations = 3;
const key = fc.oneof(fc.integer(), fc.string(), fc.boolean());
const value = fc.oneof({ weight: 5, arbitrary: fc.double() }, { weight: 1, arbitrary: fc.string() });
const numbers = fc.array(fc.tuple(fc.double(), fc.double()), { maxLength: 40 });
/** A pair alone, or numbers at once. */
const steps = fc.array(fc.oneof(fc.tuple(key, value), numbers), { maxLength: 60 });

function isPair(step: unknown): step is [unknown, unknown] {
  return Array.isArray(step) && step.length === 2 && !Array.isArray(step[0]);
}

test("pairs of all kinds reach their destinations in the order of arrival", () => {
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 64 }), fc.boolean(), fc.boolean(), (all, capacity, hashed, keeps) => {
      const given = Array.from({ length: destinations }, (): unknown[] => []);
      const emit = (destination: number, batch: Parameters<typeof rowsOf>[0]): void => {
        given[destination]!.push(...rowsOf(batch));
      };
      const scatter = new PairScatter(destinations, capacity, false, emit, keeps);
      const expected = given.map((): unknown[] => []);
      for (const step of all) {
        const pairs: readonly (readonly [unknown, unknown])[] = isPair(step) ? [step] : step;
        const targets = Int32Array.from(pairs, ([of]) => partitionOf(hashKey(of), destinations));
        pairs.forEach((pair, row) => expected[targets[row]!]!.push(pair));
        if (isPair(step)) {
          scatter.put(step[0], step[1], targets[0]!);
          continue;
        }
        const keys = Float64Array.from(pairs, ([of]) => of as number);
        const values = Float64Array.from(pairs, ([, of]) => of as number);
        if (hashed) scatter.putHashed(keys, values, pairs.length);
        else scatter.putAll({ kind: "number", keys }, values, targets);
      }
      scatter.flush();
      expect(given).toEqual(expected);
    }),
  );
});

test("numbers that generated code writes go by their hash", () => {
  const given = Array.from({ length: destinations }, (): unknown[] => []);
  const scatter = new PairScatter(destinations, 2000, true, (destination, batch) => {
    given[destination]!.push(...rowsOf(batch));
  });
  const expected = given.map((): unknown[] => []);
  for (let row = 0; row < 5000; row++) {
    const at = scatter.length;
    scatter.keys[at] = row;
    scatter.values[at] = row / 2;
    if ((scatter.length = at + 1) >= scatter.limit) scatter.full();
    expected[partitionOf(hashKey(row), destinations)]!.push([row, row / 2]);
  }
  scatter.flush();
  expect(given).toEqual(expected);
});
