import { hashKey, keysEqual, partitionOf } from "@gloam/plan";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyKinds } from "./testing/arbitrary-pairs.ts";
import { FakeMemory, readRows, rowsOfSegment, shuffleInput, writeRows } from "./testing/fake-task.ts";
import { hashWriter } from "./hash-writer.ts";
import { shuffledReader } from "./shuffled-reader.ts";

const values = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.constantFrom<unknown>(null, undefined, [1, "a"]));

describe("hashWriter", () => {
  for (const [kind, keys] of Object.entries(keyKinds)) {
    test(`puts ${kind} where their hash says, in the order of arrival`, () => {
      const pairs = fc.oneof(fc.array(fc.tuple(keys, fc.double())), fc.array(fc.tuple(keys, values)));
      fc.assert(
        fc.property(
          pairs,
          fc.integer({ min: 1, max: 5 }),
          fc.constantFrom(1 << 12, 1 << 24),
          (rows, partitions, memory) => {
            const output = writeRows(
              hashWriter,
              { data: { partitions, roles: [] }, memory: new FakeMemory(memory) },
              rows,
            );
            for (let partition = 0; partition < partitions; partition++) {
              const expected = rows.filter(([key]) => partitionOf(hashKey(key), partitions) === partition);
              expect(rowsOfSegment(output, partition)).toEqual(expected);
              const read = readRows(shuffledReader, {}, [shuffleInput([output, output], partition)]);
              expect(read).toEqual([...expected, ...expected]);
            }
          },
        ),
        { numRuns: 60 },
      );
    });
  }

  test("changes of kind keep the order", () => {
    const rows = Array.from({ length: 5000 }, (_, i) => [i % 7 === 0 ? `k${i}` : i, i % 11 === 0 ? `${i}` : i]);
    const output = writeRows(hashWriter, { data: { partitions: 3, roles: [] } }, rows);
    for (let partition = 0; partition < 3; partition++) {
      expect(rowsOfSegment(output, partition)).toEqual(
        rows.filter(([key]) => partitionOf(hashKey(key), 3) === partition),
      );
    }
  });

  test("asks the user's partition function", () => {
    const task = { data: { partitions: 3, roles: ["partition"] }, functions: [(key: number) => key % 3] };
    const rows = Array.from({ length: 3000 }, (_, i) => [i, -i]);
    const output = writeRows(hashWriter, task, rows);
    expect(rowsOfSegment(output, 1)).toEqual(rows.filter(([key]) => key! % 3 === 1));
    expect(() => writeRows(hashWriter, { ...task, functions: [() => 3] }, rows)).toThrow(
      /GLOAM_ARGUMENT_INVALID.*returned 3/,
    );
    expect(() => writeRows(hashWriter, { ...task, functions: [() => "1"] }, [["a", 1]])).toThrow(
      /GLOAM_ARGUMENT_INVALID/,
    );
  });

  test("gives memory and output back", () => {
    const memory = new FakeMemory(1 << 20);
    writeRows(hashWriter, { data: { partitions: 2, roles: [] }, memory }, [[1, 2]]);
    expect(memory.held).toBe(0);
    expect(() => writeRows(hashWriter, { data: { partitions: 2, roles: [] }, memory }, [[Symbol("x"), 2]])).toThrow();
    expect(memory.held).toBe(0);
  });

  test("equal keys of different columns meet", () => {
    expect(keysEqual(-0, 0)).toBe(true);
    const output = writeRows(hashWriter, { data: { partitions: 8, roles: [] } }, [
      [0, 1],
      [-0, 2],
      [1, 3],
      [1.5, 4],
    ]);
    expect(output.segments.filter((chunks) => chunks.length > 0).length).toBeLessThanOrEqual(3);
  });
});
