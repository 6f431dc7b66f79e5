import { hashKey, keysEqual, type ReaderKernel } from "@gloam/plan";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyKinds } from "./testing/arbitrary-pairs.ts";
import { FakeMemory, readRows, rowsInput, shuffleInput, writeRows, type FakeTask } from "./testing/fake-task.ts";
import { cogroupReader, groupReader } from "./group-reader.ts";
import { hashWriter } from "./hash-writer.ts";

type Pair = readonly [unknown, unknown];

function model(inputs: readonly (readonly Pair[])[]): [unknown, unknown[][]][] {
  const groups: [unknown, unknown[][]][] = [];
  inputs.forEach((pairs, input) => {
    for (const [key, value] of pairs) {
      let group = groups.find(([other]) => keysEqual(other, key));
      if (group === undefined) groups.push((group = [key, inputs.map(() => [])]));
      group[1][input]!.push(value);
    }
  });
  return groups.sort(([a], [b]) => (hashKey(a) >>> 0) - (hashKey(b) >>> 0));
}

const written = (rows: readonly Pair[]) =>
  shuffleInput([writeRows(hashWriter, { data: { partitions: 1, roles: [] } }, rows)], 0);

describe("groupReader and cogroupReader", () => {
  for (const [kind, keys] of Object.entries(keyKinds)) {
    test(`group by ${kind} in the order of arrival`, () => {
      const values = fc.oneof(fc.double(), fc.constantFrom<unknown>("a", null, [1, 2, 3], { x: 1 }));
      const rows = fc.oneof(fc.array(fc.tuple(keys, fc.double())), fc.array(fc.tuple(keys, values)));
      fc.assert(
        fc.property(rows, rows, fc.constantFrom(1 << 14, 1 << 24), (left, right, limit) => {
          const memory = new FakeMemory(limit);
          const task: FakeTask = { data: { roles: [] }, memory };
          const grouped = model([left]).map(([key, [list]]) => [key, list]);
          expect(readRows(groupReader, task, [written(left)])).toEqual(grouped);
          expect(readRows(groupReader, task, [rowsInput(left, 5)])).toEqual(grouped);
          expect(readRows(cogroupReader, task, [written(left), rowsInput(right)])).toEqual(model([left, right]));
          expect(memory.held).toBe(0);
          expect(memory.scratchFiles).toBe(0);
        }),
        { numRuns: 30 },
      );
    });
  }

  const kinds: Record<string, (i: number) => Pair> = {
    "numbers by numbers": (i) => [(i * 7919) % 3001, i],
    "texts by words": (i) => [`word ${(i * 7919) % 3001}`, `value ${i}`],
    "numbers by tuples, one key often": (i) => [[i % 3 === 0 ? 1 : (i * 7919) % 3001, "x"], i],
    "all different": (i) => [i, i % 100 === 0 ? "now and then" : i],
  };
  for (const [kind, row] of Object.entries(kinds)) {
    test(`${kind} are the same whatever is spilled`, () => {
      const rows = Array.from({ length: 20_000 }, (_, i) => row(i));
      const run = (kernel: ReaderKernel, memory: FakeMemory) => {
        const inputs = kernel === groupReader ? [rowsInput(rows)] : [rowsInput(rows), rowsInput(rows.slice(5000))];
        const result = readRows(kernel, { data: { roles: [] }, memory }, inputs);
        expect(memory.held).toBe(0);
        expect(memory.scratchFiles).toBe(0);
        return JSON.stringify(result);
      };
      for (const kernel of [groupReader, cogroupReader]) {
        const expected = run(kernel, new FakeMemory(1 << 30));
        // A key that is every third needs room for its group.
        const little = kind.includes("often") ? 1 << 19 : 1 << 17;
        for (const limit of [little, 1 << 21]) {
          const memory = new FakeMemory(limit);
          expect(run(kernel, memory) === expected).toBe(true);
          if (limit === little) expect(memory.scratchBytes).toBeGreaterThan(0);
        }
      }
    });
  }

  test("batches of texts are laid into buckets as they are", () => {
    const rows = Array.from({ length: 9000 }, (_, i): Pair => [
      `word ${i % 700}`,
      i % 9 === 0 ? `größe ${i}` : `value ${i}`,
    ]);
    const more = Array.from({ length: 3000 }, (_, i): Pair => [i % 2 === 0 ? `word ${i % 700}` : i, [i, "x"]]);
    const expected = model([[...rows, ...more], rows]);
    const inputs = () => [shuffleInput([...maps(rows), ...maps(more)], 0), written(rows)];
    const maps = (pairs: readonly Pair[]) => [writeRows(hashWriter, { data: { partitions: 1, roles: [] } }, pairs)];
    for (const limit of [1 << 20, 1 << 26]) {
      const memory = new FakeMemory(limit);
      expect(readRows(cogroupReader, { data: { roles: [] }, memory }, inputs())).toEqual(expected);
      expect(memory.held).toBe(0);
    }
  });

  test("a group that does not fit by itself is a coded error", () => {
    const memory = new FakeMemory(1 << 16);
    const rows = Array.from({ length: 20_000 }, (_, i) => [1, i]);
    expect(() => readRows(groupReader, { data: { roles: [] }, memory }, [rowsInput(rows)])).toThrow(
      /GLOAM_OUT_OF_MEMORY/,
    );
    expect(memory.held).toBe(0);
    expect(memory.scratchFiles).toBe(0);
  });
});
