import { compareKeys } from "@gloam/plan";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyKinds } from "./testing/arbitrary-pairs.ts";
import { FakeMemory, readRows, shuffleInput, writeRows, type FakeTask } from "./testing/fake-task.ts";
import { sortReader } from "./sort-reader.ts";
import { sortWriter } from "./sort-writer.ts";

type Pair = readonly [unknown, unknown];

interface Options {
  readonly ascending?: boolean;
  readonly compare?: (a: never, b: never) => number;
  readonly mapMemory?: number;
  readonly reduceMemory?: number;
}

/** Sorts through a shuffle; the rows of each reduce partition. */
function sort(maps: readonly (readonly Pair[])[], partitions: number, options: Options = {}): unknown[][] {
  const { ascending = true, compare, mapMemory = 1 << 26, reduceMemory = 1 << 26 } = options;
  const roles = compare === undefined ? [] : ["compare"];
  const functions = compare === undefined ? [] : [compare];
  const outputs = maps.map((rows) => {
    const memory = new FakeMemory(mapMemory);
    const output = writeRows(sortWriter, { functions, data: { partitions, ascending, roles }, memory }, rows);
    expect(memory.held).toBe(0);
    return output;
  });
  return Array.from({ length: partitions }, (_, partition) => {
    const memory = new FakeMemory(reduceMemory);
    const task: FakeTask = { functions, data: { ascending, roles }, partition, memory };
    const rows = readRows(sortReader, task, [shuffleInput(outputs, partition)]);
    expect(memory.held).toBe(0);
    expect(memory.scratchFiles).toBe(0);
    return rows;
  });
}

/** Array.prototype.sort is stable. */
function model(maps: readonly (readonly Pair[])[], compare: (a: unknown, b: unknown) => number): Pair[] {
  return maps.flat().sort((a, b) => compare(a[0], b[0]));
}

describe("sortWriter and sortReader", () => {
  for (const [kind, keys] of Object.entries(keyKinds)) {
    test(`sort by ${kind}, equal keys in the order of arrival`, () => {
      const values = fc.oneof(fc.integer(), fc.constantFrom<unknown>("a", null, [1, 2, 3], { x: 1 }));
      const rows = fc.oneof(fc.array(fc.tuple(keys, fc.double())), fc.array(fc.tuple(keys, values)));
      fc.assert(
        fc.property(
          fc.array(rows, { minLength: 1, maxLength: 4 }),
          fc.integer({ min: 1, max: 4 }),
          fc.boolean(),
          fc.constantFrom(1 << 10, 1 << 26),
          (maps, partitions, ascending, mapMemory) => {
            const compare = (a: unknown, b: unknown) => (ascending ? compareKeys(a, b) : compareKeys(b, a));
            const sorted = sort(maps, partitions, { ascending, mapMemory });
            expect(sorted.flat()).toEqual(model(maps, compare));
            // No key lies in two partitions.
            const filled = sorted.filter((part) => part.length > 0) as Pair[][];
            for (let i = 1; i < filled.length; i++)
              expect(compare(filled[i - 1]!.at(-1)![0], filled[i]![0]![0])).toBeLessThan(0);
          },
        ),
        { numRuns: 40 },
      );
    });
  }

  const kinds: Record<string, (i: number, random: () => number) => Pair> = {
    "random numbers": (i, random) => [random() * 1000 - 500, i],
    integers: (i, random) => [Math.floor(random() * 5000), `line ${i}`],
    "ten letters": (i, random) => [
      String.fromCharCode(...Array.from({ length: 10 }, () => 97 + Math.floor(random() * 26))),
      i,
    ],
    "a common prefix": (i, random) => [`user_${Math.floor(random() * 3000)}`, i],
    "other alphabets": (i, random) => [`${"äö日🙂a"[Math.floor(random() * 5)]}${Math.floor(random() * 100)}`, i],
    "few keys": (i, random) => [Math.floor(random() * 3), i],
    "numbers and words": (i, random) => [
      random() < 0.5 ? Math.floor(random() * 100) : `w${Math.floor(random() * 100)}`,
      i,
    ],
  };
  for (const [kind, row] of Object.entries(kinds)) {
    test(`${kind} are sorted, in many runs or one, into even partitions`, () => {
      let seed = 7;
      const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
      const maps = Array.from({ length: 3 }, () => Array.from({ length: 4000 }, (_, i) => row(i, random)));
      for (const ascending of [true, false]) {
        const compare = (a: unknown, b: unknown) => (ascending ? compareKeys(a, b) : compareKeys(b, a));
        const expected = JSON.stringify(model(maps, compare));
        for (const options of [{}, { mapMemory: 1 << 16, reduceMemory: 1 << 12 }]) {
          const sorted = sort(maps, 4, { ascending, ...options });
          expect(JSON.stringify(sorted.flat()) === expected).toBe(true);
          if (kind !== "few keys") for (const part of sorted) expect(part.length).toBeGreaterThan(2000);
        }
      }
    });
  }

  test("by the user's comparison", () => {
    const byLength = (a: string, b: string) => a.length - b.length;
    const maps = Array.from({ length: 3 }, (_map, map) =>
      Array.from({ length: 3000 }, (_, i): Pair => ["x".repeat((i * 7) % 97), [map, i]]),
    );
    expect(sort(maps, 3, { compare: byLength }).flat()).toEqual(model(maps, byLength as never));
    expect(sort(maps, 3, { compare: byLength, ascending: false }).flat()).toEqual(
      model(maps, (a, b) => byLength(b as never, a as never)),
    );
  });

  test.each([1, -1])("by a comparison that says %s of equal keys, no row is lost or there twice", (equal) => {
    const compare = (a: number, b: number) => (a === b ? equal : a - b);
    const maps = Array.from({ length: 3 }, (_map, map) =>
      Array.from({ length: 3000 }, (_, i): Pair => [(i * 7) % 10, map * 3000 + i]),
    );
    const sorted = sort(maps, 4, { compare }).flat() as Pair[];
    expect(sorted.map(([key]) => key)).toEqual(model(maps, compare as never).map(([key]) => key));
    expect(new Set(sorted.map(([, value]) => value)).size).toBe(9000);
  });

  test("nothing at all", () => {
    expect(sort([[], []], 3)).toEqual([[], [], []]);
    expect(sort([], 2)).toEqual([[], []]);
  });
});
