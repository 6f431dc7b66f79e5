import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { hashFloats, hashNumber, hashWords, partitionOf } from "@gloam/plan";
import fc from "fast-check";
import { expect, test } from "vitest";
import { numberColumn } from "../number-column.ts";
import { kernelMemory } from "./number-kernels.ts";

const { kernels, buffer } = kernelMemory(64 * 1024);
const resultsAt = 32 * 1024;

const numbers = fc.array(
  fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, NaN, Infinity, 2 ** 31, -(2 ** 31), 2 ** 31 - 1)),
  { maxLength: 50 },
);
const integers = fc.array(fc.oneof({ weight: 20, arbitrary: fc.integer() }, { weight: 1, arbitrary: fc.constant(-0) }));

function write(values: readonly number[]): void {
  new Float64Array(buffer, 0, values.length).set(values);
}

function results(count: number): number[] {
  return [...new Int32Array(buffer, resultsAt, count)];
}

test("hash, partition and bucket are what the functions of a single key say", () => {
  fc.assert(
    fc.property(
      numbers,
      fc.integer({ min: 1, max: 5000 }),
      fc.nat(26),
      fc.nat(31),
      (values, partitions, shift, drop) => {
        const hashes = values.map((value) => hashNumber(value, hashFloats, hashWords));
        write(values);
        kernels.hash(0, values.length, resultsAt);
        expect(results(values.length)).toEqual(hashes);
        kernels.partition(resultsAt, values.length, partitions);
        expect(results(values.length)).toEqual(hashes.map((hash) => partitionOf(hash, partitions)));
        kernels.hash(0, values.length, resultsAt);
        kernels.bucket(resultsAt, values.length, shift, drop);
        expect(results(values.length)).toEqual(hashes.map((hash) => ((hash << shift) >>> drop) | 0));
      },
    ),
  );
});

test("numbers are narrowed where a column of them would be", () => {
  fc.assert(
    fc.property(fc.oneof(numbers, integers), (values) => {
      write(values);
      const column = numberColumn(Float64Array.from(values));
      expect(kernels.narrow(0, values.length, resultsAt)).toBe(column.kind === "int32" ? 1 : 0);
      if (column.kind === "int32") expect(results(values.length)).toEqual([...column.values]);
    }),
  );
});

test("the binary is what the text says", () => {
  const assemble = fileURLToPath(new URL("../../../assemble.mjs", import.meta.url));
  const { stderr, status } = spawnSync(process.execPath, [assemble, "--check"], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, ""]);
});
