import fc from "fast-check";
import { expect, test } from "vitest";
import { splitFiles } from "./text-splits.ts";

const mebibyte = 2 ** 20;

test("every byte of every file lies in one range, in order", () => {
  const file = fc.record({
    bytes: fc.oneof(fc.nat(10), fc.nat(1000), fc.nat(100_000)),
    splittable: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(file, { maxLength: 30 }),
      fc.integer({ min: 1_000, max: 50_000 }),
      fc.integer({ min: 1, max: 9 }),
      (described, splitBytes, minPartitions) => {
        const files = described.map((entry, index) => ({ ...entry, path: `f${index}` }));
        const ranges = splitFiles(files, { splitBytes, minPartitions }).flatMap((split) => split.ranges);
        let next = 0;
        for (const { path, bytes, splittable } of files) {
          let position = 0;
          while (position < bytes) {
            const range = ranges[next++]!;
            expect(range).toMatchObject({ path, start: position, fileBytes: bytes });
            if (splittable) expect(range.end - range.start).toBeLessThanOrEqual(Math.ceil(splitBytes * 1.1));
            else expect(range.end).toBe(bytes);
            expect(range.end).toBeGreaterThan(position);
            position = range.end;
          }
        }
        expect(next).toBe(ranges.length);
      },
    ),
  );
});

test("a large file gives pieces of about the same size", () => {
  const [only, ...none] = splitFiles([{ path: "a", bytes: 33 * mebibyte, splittable: true }], {
    splitBytes: 32 * mebibyte,
  });
  expect(only!.ranges).toHaveLength(1);
  expect(none).toEqual([]);
  const pieces = splitFiles([{ path: "a", bytes: 100 * mebibyte, splittable: true }], { splitBytes: 32 * mebibyte });
  expect(pieces.map(({ ranges: [range] }) => range!.end - range!.start)).toEqual(Array(4).fill(25 * mebibyte));
});

test("ten thousand tiny files make few partitions", () => {
  const files = Array.from({ length: 10_000 }, (_, index) => ({ path: `f${index}`, bytes: 1_000, splittable: true }));
  expect(splitFiles(files, { splitBytes: 32 * mebibyte }).length).toBe(20);
  expect(splitFiles(files, { splitBytes: 32 * mebibyte, minPartitions: 50 }).length).toBeGreaterThanOrEqual(50);
});

test("the least number of partitions is reached where files can be split", () => {
  const file = { path: "a", bytes: 100, splittable: true };
  expect(splitFiles([file], { splitBytes: mebibyte, minPartitions: 4 })).toHaveLength(4);
  expect(splitFiles([{ ...file, splittable: false }], { splitBytes: mebibyte, minPartitions: 4 })).toHaveLength(1);
  expect(splitFiles([file, file], { splitBytes: mebibyte, minPartitions: 2 })).toHaveLength(2);
  expect(splitFiles([{ ...file, bytes: 0 }], { splitBytes: mebibyte, minPartitions: 2 })).toEqual([]);
});
