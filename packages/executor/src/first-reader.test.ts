import type { BatchReader } from "@gloam/plan";
import { expect, test } from "vitest";
import { TaskKilledError } from "./block-failure.ts";
import { FirstReader } from "./first-reader.ts";

/** A reader of rows that fails where there is an error among them, and what is said of its end. */
function reader(told: string[], name: string, rows: readonly (number | Error)[]): () => BatchReader {
  return () => {
    let at = 0;
    return {
      next() {
        const row = rows[at++];
        if (row instanceof Error) throw row;
        return row === undefined ? undefined : { length: 1, rows: [row] };
      },
      close: () => told.push(`${name} closed`),
    };
  };
}

function rest(input: BatchReader): unknown[] {
  const rows: unknown[] = [];
  for (let batch = input.next(); batch !== undefined; batch = input.next()) rows.push(...(batch.rows as number[]));
  return rows;
}

test("the next takes over where the first cannot be read, from the beginning", () => {
  const told: string[] = [];
  const unopened = (): BatchReader => {
    throw new Error("not there");
  };
  const either = new FirstReader([unopened, reader(told, "b", [new Error("gone")]), reader(told, "c", [1, 2])]);
  expect(rest(either)).toEqual([1, 2]);
  either.close();
  expect(told).toEqual(["b closed", "c closed"]);
});

test("nothing takes over in the middle: that might be another computation's rest", () => {
  const told: string[] = [];
  const either = new FirstReader([reader(told, "a", [1, new Error("gone")]), reader(told, "b", [7, 8])]);
  expect(either.next()?.rows).toEqual([1]);
  expect(() => either.next()).toThrow("gone");
  either.close();
  expect(told).toEqual(["a closed"]);
});

test("the last one's error is thrown, and that the task was cancelled at once", () => {
  const told: string[] = [];
  const failing = [new Error("first"), new Error("second")].map((error) => reader(told, error.message, [error]));
  expect(() => new FirstReader(failing).next()).toThrow("second");
  const killed = reader(told, "killed", [new TaskKilledError("cancelled")]);
  expect(() => new FirstReader([killed, reader(told, "b", [1])]).next()).toThrow("cancelled");
});
