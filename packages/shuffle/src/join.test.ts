import { keysEqual } from "@gloam/plan";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyKinds } from "./testing/arbitrary-pairs.ts";
import {
  FakeMemory,
  readRows,
  readRowsAsync,
  rowsInput,
  shuffleInput,
  writeRows,
  type FakeTask,
} from "./testing/fake-task.ts";
import { hashWriter } from "./hash-writer.ts";
import { joinReader } from "./join-reader.ts";

type Pair = readonly [unknown, unknown];
type Kind = "inner" | "left" | "right" | "full" | "anti";
const kinds: readonly Kind[] = ["inner", "left", "right", "full", "anti"];

function model(join: Kind, left: readonly Pair[], right: readonly Pair[]): unknown[] {
  const rows: unknown[] = [];
  const met = new Set<Pair>();
  for (const [key, value] of left) {
    const matches = right.filter(([other]) => keysEqual(other, key));
    if (join === "anti") {
      if (matches.length === 0) rows.push([key, value]);
      continue;
    }
    for (const match of matches) {
      met.add(match);
      rows.push([key, [value, match[1]]]);
    }
    if (matches.length === 0 && (join === "left" || join === "full")) rows.push([key, [value, undefined]]);
  }
  if (join === "right" || join === "full") {
    for (const pair of right) if (!met.has(pair)) rows.push([pair[0], [undefined, pair[1]]]);
  }
  return rows;
}

const written = (rows: readonly Pair[]) =>
  shuffleInput([writeRows(hashWriter, { data: { partitions: 1, roles: [] } }, rows)], 0);

describe("joinReader", () => {
  for (const [kind, keys] of Object.entries(keyKinds)) {
    test(`joins by ${kind} in the order of the left`, () => {
      const values = fc.oneof(fc.double(), fc.constantFrom<unknown>("a", null, [1, 2, 3], { x: 1 }));
      const rows = fc.oneof(fc.array(fc.tuple(keys, fc.integer())), fc.array(fc.tuple(keys, values)));
      fc.assert(
        fc.property(
          rows,
          rows,
          fc.constantFrom(...kinds),
          fc.constantFrom(1 << 17, 1 << 24),
          (left, right, join, limit) => {
            const memory = new FakeMemory(limit);
            const task: FakeTask = { data: { roles: [], join }, memory };
            // Keys that are equal may be written 0 or -0 on the right, where no left row has them.
            const expected = model(join, left, right).map((row) => normal(row as never));
            const run = (inputs: Parameters<typeof readRows>[2]) =>
              readRows(joinReader, task, inputs).map((row) => normal(row as never));
            expect(run([written(left), written(right)])).toEqual(expected);
            expect(run([rowsInput(left, 3), written(right)])).toEqual(expected);
            expect(run([written(left), rowsInput(right, 3)])).toEqual(expected);
            expect(memory.held).toBe(0);
            expect(memory.scratchFiles).toBe(0);
          },
        ),
        { numRuns: 30 },
      );
    });
  }

  test("reads lists of the left where they are", () => {
    const left = Array.from({ length: 10_000 }, (_, i): Pair => [i * 2, [i, i + 1, i + 2]]);
    const right = Array.from({ length: 10_000 }, (_, i): Pair => [i, i / 2]);
    const result = readRows(joinReader, { data: { join: "inner" } }, [written(left), written(right)]);
    expect(result).toEqual(left.slice(0, 5000).map(([key, value]) => [key, [value, (key as number) / 2]]));
  });

  const rowKinds: Record<string, (i: number) => Pair> = {
    numbers: (i) => [(i * 7919) % 5003, i],
    texts: (i) => [`word ${(i * 7919) % 5003}`, `value ${i}`],
    tuples: (i) => [[(i * 7919) % 5003, "x"], i % 9 === 0 ? "some" : i],
  };
  for (const [kind, row] of Object.entries(rowKinds)) {
    test(`of ${kind} is the same whatever is spilled`, () => {
      const left = Array.from({ length: 12_000 }, (_, i) => row(i * 3));
      const right = Array.from({ length: 9_000 }, (_, i) => row(i * 2));
      for (const join of kinds) {
        const run = (memory: FakeMemory) => {
          const result = readRows(joinReader, { data: { roles: [], join }, memory }, [written(left), rowsInput(right)]);
          expect(memory.held).toBe(0);
          expect(memory.scratchFiles).toBe(0);
          return JSON.stringify(result);
        };
        const expected = run(new FakeMemory(1 << 30));
        for (const limit of [1 << 16, 1 << 18]) {
          const memory = new FakeMemory(limit);
          expect(run(memory) === expected).toBe(true);
          if (limit === 1 << 16) expect(memory.scratchBytes).toBeGreaterThan(0);
        }
      }
    });
  }

  test("awaits asynchronous inputs", async () => {
    const left = Array.from({ length: 3000 }, (_, i): Pair => [i % 10, i]);
    const right = Array.from({ length: 7 }, (_, i): Pair => [i, i]);
    const task = { data: { roles: [], join: "left" } };
    const expected = readRows(joinReader, task, [rowsInput(left), rowsInput(right)]);
    for (const [a, b] of [
      [true, true],
      [true, false],
      [false, true],
    ] as const) {
      expect(await readRowsAsync(joinReader, task, [rowsInput(left, 100, a), rowsInput(right, 2, b)])).toEqual(
        expected,
      );
    }
  });
});

function normal([key, value]: [unknown, unknown]): unknown {
  return [key === 0 ? 0 : key, value];
}
