import type { Batch } from "@gloam/plan";
import { expect, test } from "vitest";
import { DecodedPartitions } from "./decoded-partitions.ts";

const rows = (value: number): readonly Batch[] => [{ length: 1, rows: [value] }];

test("partitions make room for those of other RDDs, the least recently used first", () => {
  const decoded = new DecodedPartitions(100);
  decoded.keep({ node: 1, partition: 0, task: 5 }, rows(10), 40);
  decoded.keep({ node: 2, partition: 0, task: 5 }, rows(20), 40);
  expect(decoded.get(1, 0, [4, 5])).toEqual(rows(10));
  decoded.keep({ node: 3, partition: 0, task: 5 }, rows(30), 40);
  expect([decoded.get(1, 0, [4, 5]), decoded.get(2, 0, [4, 5]), decoded.get(3, 0, [4, 5])]).toEqual([
    rows(10),
    undefined,
    rows(30),
  ]);
});

test("rows are those of the task that computed them", () => {
  const decoded = new DecodedPartitions(100);
  decoded.keep({ node: 1, partition: 0, task: 5 }, rows(10), 40);
  expect(decoded.get(1, 0, [4, undefined])).toBeUndefined();
  decoded.keep({ node: 1, partition: 0, task: 4 }, rows(20), 40);
  expect([decoded.get(1, 0, [5]), decoded.get(1, 0, [4])]).toEqual([undefined, rows(20)]);
});

test("and not for those of the same", () => {
  const decoded = new DecodedPartitions(100);
  for (let partition = 0; partition < 4; partition++) {
    expect(decoded.fits(1, 40)).toBe(partition < 2);
    decoded.keep({ node: 1, partition, task: 5 }, rows(partition), 40);
  }
  expect([0, 1, 2, 3].map((partition) => decoded.get(1, partition, [4, 5]))).toEqual([
    rows(0),
    rows(1),
    undefined,
    undefined,
  ]);
  // The same partition again takes its own place.
  decoded.keep({ node: 1, partition: 1, task: 5 }, rows(7), 60);
  expect(decoded.get(1, 1, [4, 5])).toEqual(rows(7));
  decoded.forget(1, 0);
  decoded.forget(1, 0);
  expect(decoded.fits(1, 40)).toBe(true);
});
