import type { Batch } from "@gloam/plan";
import { expect, test } from "vitest";
import { DecodedPartitions } from "./decoded-partitions.ts";

const rows = (value: number): readonly Batch[] => [{ length: 1, rows: [value] }];

test("partitions make room for those of other RDDs, the least recently used first", () => {
  const decoded = new DecodedPartitions(100);
  decoded.keep(1, 0, rows(10), 40);
  decoded.keep(2, 0, rows(20), 40);
  expect(decoded.get(1, 0)).toEqual(rows(10));
  decoded.keep(3, 0, rows(30), 40);
  expect([decoded.get(1, 0), decoded.get(2, 0), decoded.get(3, 0)]).toEqual([rows(10), undefined, rows(30)]);
});

test("and not for those of the same", () => {
  const decoded = new DecodedPartitions(100);
  for (let partition = 0; partition < 4; partition++) {
    expect(decoded.fits(1, 40)).toBe(partition < 2);
    decoded.keep(1, partition, rows(partition), 40);
  }
  expect([0, 1, 2, 3].map((partition) => decoded.get(1, partition))).toEqual([rows(0), rows(1), undefined, undefined]);
  // The same partition again takes its own place.
  decoded.keep(1, 1, rows(7), 60);
  expect(decoded.get(1, 1)).toEqual(rows(7));
  decoded.forget(1, 0);
  decoded.forget(1, 0);
  expect(decoded.fits(1, 40)).toBe(true);
});
