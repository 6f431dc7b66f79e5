import { encodeValue } from "@gloam/arrow";
import { hashKey, keysEqual } from "@gloam/plan";
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
import { combineReader } from "./combine-reader.ts";
import { combineWriter } from "./combine-writer.ts";
import { hashWriter } from "./hash-writer.ts";

type Pair = readonly [unknown, unknown];
type Merge = (a: never, b: never) => unknown;

/** Combines by searching; keys in the order of their hashes, then of appearance. */
function model(pairs: readonly Pair[], create: (value: unknown) => unknown, merge: Merge): Pair[] {
  const found: [unknown, unknown][] = [];
  for (const [key, value] of pairs) {
    const entry = found.find(([other]) => keysEqual(other, key));
    if (entry === undefined) found.push([key, create(value)]);
    else entry[1] = merge(entry[1] as never, value as never);
  }
  return found.sort(([a], [b]) => (hashKey(a) >>> 0) - (hashKey(b) >>> 0));
}

const add = (a: number, b: number) => a + b;
const join = (a: string, b: string) => a + b;

describe("combineReader", () => {
  test("makes no combiners of combiners that were spilled and read back, many keys to a bucket", () => {
    const keys = 900_000;
    const pairs = Array.from({ length: 1_200_000 }, (_, i) => [(i * 7919) % keys, 1] as const);
    const results = [1 << 24, 1 << 29].map((limit) => {
      const memory = new FakeMemory(limit);
      const task: FakeTask = {
        data: { roles: ["create", "mergeValue"], mapSide: false },
        functions: [(value: number) => value * 10, add],
        memory,
      };
      const rows = readRows(combineReader, task, [rowsInput(pairs, 4096)]) as [number, number][];
      expect(memory.held).toBe(0);
      return rows;
    });
    expect(results[0]).toEqual(results[1]);
    // A key that came n times has 10 + (n - 1).
    const total = results[0]!.reduce((sum, [, combiner]) => sum + combiner, 0);
    expect(total).toBe(keys * 10 + (pairs.length - keys));
  });

  for (const [kind, keys] of Object.entries(keyKinds)) {
    for (const [what, values, merge] of [
      ["sums", fc.double({ noNaN: true }), add],
      ["texts", fc.string({ maxLength: 3 }), join],
    ] as const) {
      test(`combines ${what} by ${kind} in the order of arrival`, () => {
        fc.assert(
          fc.property(
            fc.array(fc.tuple(keys, values as fc.Arbitrary<unknown>)),
            fc.array(fc.tuple(keys, values as fc.Arbitrary<unknown>)),
            fc.constantFrom(1 << 14, 1 << 24),
            (first, second, limit) => {
              const memory = new FakeMemory(limit);
              const task: FakeTask = { data: { roles: ["mergeValue"], mapSide: false }, functions: [merge], memory };
              const outputs = [first, second].map((rows) =>
                writeRows(hashWriter, { data: { partitions: 1, roles: [] } }, rows),
              );
              const expected = model([...first, ...second], (value) => value, merge);
              expect(readRows(combineReader, task, [shuffleInput(outputs, 0)])).toEqual(expected);
              expect(readRows(combineReader, task, [rowsInput([...first, ...second], 7)])).toEqual(expected);
              expect(memory.held).toBe(0);
              expect(memory.scratchFiles).toBe(0);
            },
          ),
          { numRuns: 40 },
        );
      });
    }
  }

  const kinds: Record<string, (i: number) => unknown> = {
    numbers: (i) => (i * 7919) % 5003,
    words: (i) => `word ${(i * 7919) % 5003}`,
    tuples: (i) => [(i * 7919) % 3001, "x"],
    "numbers, then anything": (i) => (i < 8000 ? (i * 7919) % 3001 : i % 3 === 0 ? `k${i % 1000}` : i % 500),
  };
  const combinings = {
    sums: { roles: ["mergeValue"], functions: [add] },
    "lists of numbers": {
      roles: ["create", "mergeValue"],
      functions: [(v: number) => [v], (list: number[], v: number) => (list.push(v), list)],
    },
    "texts out of numbers": {
      roles: ["create", "mergeValue"],
      functions: [(v: number) => v, (a: unknown, v: number) => (v > 0.9 ? "x" : a)],
    },
    firsts: { roles: [], functions: [] },
  };
  for (const [kind, key] of Object.entries(kinds)) {
    for (const [what, { roles, functions }] of Object.entries(combinings)) {
      test(`${what} by ${kind} are the same whatever is spilled`, () => {
        let seed = 1;
        const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
        const rows = Array.from({ length: 16_000 }, (_, i) => [key(i), random()]);
        const run = (memory: FakeMemory) => {
          const task = { data: { roles, mapSide: false }, functions: functions as Merge[], memory };
          const result = readRows(combineReader, task, [rowsInput(rows)]);
          expect(memory.held).toBe(0);
          expect(memory.scratchFiles).toBe(0);
          return JSON.stringify(result);
        };
        const free = new FakeMemory(1 << 30);
        const expected = run(free);
        expect(free.scratchBytes).toBe(0);
        for (const limit of [1 << 13, 1 << 16]) {
          const memory = new FakeMemory(limit);
          expect(run(memory) === expected).toBe(true);
          if (limit < 1 << 16) expect(memory.scratchBytes).toBeGreaterThan(0);
        }
      });
    }
  }

  test("a group that does not fit by itself is a coded error", () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => [1, `value ${i}`]);
    const task = {
      data: { roles: ["create", "mergeValue"], mapSide: false },
      functions: [(v: string) => [v], (list: string[], v: string) => (list.push(v), list)] as Merge[],
      memory: new FakeMemory(1 << 16),
    };
    expect(() => readRows(combineReader, task, [rowsInput(rows)])).toThrow(/GLOAM_OUT_OF_MEMORY/);
    expect(task.memory.held).toBe(0);
    expect(task.memory.scratchFiles).toBe(0);
  });

  test("awaits asynchronous inputs", async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => [i % 10, 1]);
    const task = { data: { roles: ["mergeValue"], mapSide: false }, functions: [add] as Merge[] };
    const expected = readRows(combineReader, task, [rowsInput(rows)]);
    expect(await readRowsAsync(combineReader, task, [rowsInput(rows, 100, true)])).toEqual(expected);
  });

  test("can be cancelled", () => {
    let checks = 0;
    const checkCancelled = () => {
      if (++checks === 3) throw new Error("cancelled");
    };
    const memory = new FakeMemory(1 << 14);
    const rows = Array.from({ length: 100_000 }, (_, i) => [i, 1]);
    const task = {
      data: { roles: ["mergeValue"], mapSide: false },
      functions: [add] as Merge[],
      memory,
      checkCancelled,
    };
    expect(() => readRows(combineReader, task, [rowsInput(rows)])).toThrow("cancelled");
    expect(memory.held).toBe(0);
    expect(memory.scratchFiles).toBe(0);
  });
});

describe("combineWriter", () => {
  const reduce = (maps: readonly (readonly Pair[])[], partitions: number, task: FakeTask, mapMemory: number) => {
    const outputs = maps.map((rows) =>
      writeRows(
        combineWriter,
        { ...task, data: { ...(task.data as object), partitions }, memory: new FakeMemory(mapMemory) },
        rows,
      ),
    );
    return Array.from({ length: partitions }, (_, partition) =>
      readRows(combineReader, { ...task, data: { ...(task.data as object), mapSide: true } }, [
        shuffleInput(outputs, partition),
      ]),
    ).flat();
  };
  const sorted = (pairs: readonly unknown[]) =>
    (pairs as Pair[]).toSorted(([a], [b]) => (hashKey(a) >>> 0) - (hashKey(b) >>> 0));

  for (const [kind, keys] of Object.entries(keyKinds)) {
    test(`combines ${kind} before writing`, () => {
      const rows = fc.array(fc.tuple(keys, fc.integer({ min: -1000, max: 1000 })));
      fc.assert(
        fc.property(rows, rows, fc.constantFrom(1 << 10, 1 << 13, 1 << 24), (first, second, memory) => {
          const task: FakeTask = { data: { roles: ["mergeValue", "mergeCombiners"] }, functions: [add, add] };
          const result = reduce([first, second], 3, task, memory);
          expect(sorted(result)).toEqual(model([...first, ...second], (v) => v, add));
        }),
        { numRuns: 40 },
      );
    });
  }

  test("starts from a zero of its own for each key", () => {
    const functions = [
      (list: number[], v: number) => (list.push(v), list),
      (a: number[], b: number[]) => (a.push(...b), a),
    ] as Merge[];
    const task: FakeTask = { data: { roles: ["mergeValue", "mergeCombiners"], zero: encodeValue([0]) }, functions };
    const rows: Pair[] = [
      ["a", 1],
      ["b", 2],
      ["a", 3],
    ];
    expect(sorted(reduce([rows, rows], 2, task, 1 << 24))).toEqual(
      sorted([
        ["a", [0, 1, 3, 0, 1, 3]],
        ["b", [0, 2, 0, 2]],
      ]),
    );
  });

  test("stops combining where keys do not come again, and begins anew where the table is full", () => {
    const task: FakeTask = { data: { roles: ["mergeValue", "mergeCombiners"] }, functions: [add, add] };
    for (const [count, distinct, memory] of [
      [300_000, 300_000, 1 << 26],
      [300_000, 300_000, 1 << 21],
      [300_000, 50_000, 1 << 20],
    ] as const) {
      const rows = Array.from({ length: count }, (_, i): Pair => [(i * 7919) % distinct, 1]);
      const result = reduce([rows], 2, task, memory) as [number, number][];
      expect(result.length).toBe(distinct);
      expect(result.every(([, n]) => n === count / distinct)).toBe(true);
    }
  });

  test("combines few number keys where they lie, in the order of arrival, whatever has to be written out on the way", () => {
    const keys: readonly ((i: number) => unknown)[] = [
      (i) => (i * 7) % 10,
      (i) => ((i * 7) % 3000) * 0.5,
      (i) => (i % 2 === 0 ? -0 : i % 3 === 0 ? NaN : i % 5),
      (i) => (i * 1024) % 5120,
      (i) => (i < 20_000 ? i % 7 : i % 11 === 0 ? `k${i % 3}` : i % 7),
      (i) => (i % 4 === 0 ? i : i % 5),
    ];
    const functions = [
      (value: number) => [value],
      (list: number[], value: number) => [...list.slice(-9), value],
      (a: number[], b: number[]) => [...a, ...b].slice(-10),
    ] as Merge[];
    const task: FakeTask = { data: { roles: ["create", "mergeValue", "mergeCombiners"] }, functions };
    for (const key of keys) {
      const rows = Array.from({ length: 40_000 }, (_, i): Pair => [key(i), i]);
      const last = new Map<unknown, number[]>();
      for (const [at, value] of rows) last.set(at, [...(last.get(at) ?? []).slice(-9), value as number]);
      for (const memory of [1 << 28, 1 << 14, 1 << 11]) {
        const result = reduce([rows], 2, task, memory) as [unknown, number[]][];
        expect(result.length).toBe(last.size);
        expect(result.every(([at, list]) => list.join() === last.get(at)!.join())).toBe(true);
      }
    }
  });

  test("goes on with what is no number, where values and the first combiners are", () => {
    const functions = [
      (a: unknown, value: number) => (value === 5000 ? "x" : typeof a === "string" ? a : (a as number) + value),
      (a: unknown) => a,
    ] as Merge[];
    const task: FakeTask = { data: { roles: ["mergeValue", "mergeCombiners"] }, functions };
    const rows = Array.from({ length: 20_000 }, (_, i): Pair => [i % 4, i]);
    const result = sorted(reduce([rows], 1, task, 1 << 24)) as [number, unknown][];
    expect(result.find(([key]) => key === 0)).toEqual([0, "x"]);
    expect(result.find(([key]) => key === 1)![1]).toBe(rows.reduce((sum, [k, v]) => (k === 1 ? sum + (v as number) : sum), 0)); // prettier-ignore
  });

  test("can be cancelled while it combines few keys", () => {
    let checks = 0;
    const checkCancelled = () => {
      if (++checks === 4) throw new Error("cancelled");
    };
    const rows = Array.from({ length: 20_000 }, (_, i): Pair => [i % 4, [i]]);
    const task: FakeTask = {
      data: { partitions: 1, roles: ["mergeValue"] },
      functions: [(a: number[], b: number[]) => [a[0]! + b[0]!]] as Merge[],
      checkCancelled,
    };
    expect(() => writeRows(combineWriter, task, rows)).toThrow("cancelled");
  });

  test("asks the user's partition function once for each key", () => {
    let calls = 0;
    const partition = (key: string) => (calls++, key.length % 2);
    const rows = Array.from({ length: 3000 }, (_, i): Pair => ["x".repeat(i % 10), 1]);
    const output = writeRows(
      combineWriter,
      { data: { partitions: 2, roles: ["mergeValue", "partition"] }, functions: [add, partition] as Merge[] },
      rows,
    );
    expect(calls).toBe(10);
    expect(readRows(combineReader, { data: { roles: [], mapSide: true } }, [shuffleInput([output], 1)]).length).toBe(5);
  });
});
