import fc from "fast-check";
import { expect, test } from "vitest";
import { createBatchBuilder } from "../build/batch-builder.ts";
import type { ColumnBatch } from "../column.ts";
import { readingSlices } from "./reading-slices.ts";
import { rowsOf } from "./rows-of.ts";
import { detachString } from "./text.ts";

function batchOf(rows: readonly unknown[]): ColumnBatch {
  const builder = createBatchBuilder();
  for (const row of rows) expect(builder.append(row)).toBe(true);
  return builder.finish();
}

test.each([
  ["rare", 0.01],
  ["frequent", 0.9],
])("other characters than ASCII, %s", (_, share) => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (chance) => {
      const next = () => chance.next().value as number;
      const rows = Array.from({ length: 200 }, (__, i) =>
        next() < share ? `${["ж", "日本", "🙂", "é"][i % 4]!.repeat(i % 5)}${i}` : `plain ${i}`,
      );
      expect(rowsOf(batchOf(rows))).toEqual(rows);
    }),
    { numRuns: 30 },
  );
});

test("text that is not UTF-8 spoils its own row only", () => {
  const parts = ["жук", "жук?", "жук"].map((text) => Buffer.from(text));
  parts[1]![6] = 0xe6;
  const offsets = Int32Array.of(0, 6, 13, 19);
  const batch = { length: 3, column: { kind: "utf8", offsets, bytes: Buffer.concat(parts), ascii: false } } as const;
  const [first, second, third] = rowsOf(batch);
  expect([first, third]).toEqual(["жук", "жук"]);
  expect(second).toContain("\ufffd");
});

test("large text is read in slices, small text is not", () => {
  const small = batchOf(Array.from({ length: 1000 }, (_, i) => [`key ${i}`, i]));
  expect(readingSlices(small)).toEqual([small]);
  const rows = Array.from({ length: 5003 }, (_, i) => [[`a line of some length, number ${i}`, null], i % 2 === 0, i]);
  const large = batchOf(rows);
  const slices = readingSlices(large);
  expect(slices.length).toBeGreaterThan(1);
  expect(slices.flatMap((slice) => rowsOf(slice))).toEqual(rows);
  expect(rowsOf(large, 100, 4999)).toEqual(rows.slice(100, 4999));
  expect(rowsOf(large, 3, 3)).toEqual([]);
});

test("one row longer than a slice", () => {
  const rows = ["x".repeat(300_000), "short", "y".repeat(300_000)];
  expect(rowsOf(batchOf(rows))).toEqual(rows);
});

test("a detached string is the same string", () => {
  const text = "twelve chars and more, äöü 日本 🙂";
  for (let end = 0; end <= text.length; end++) expect(detachString(text.slice(0, end))).toBe(text.slice(0, end));
});
