import { describe, expect, test } from "vitest";
import { fixedCount } from "./partition-count.ts";
import {
  customPartitioner,
  defaultPartitioner,
  hashPartitioner,
  partitionersEqual,
  rangePartitioner,
} from "./partitioner.ts";
import { ancestorsFirst } from "./lineage.ts";
import { filterNode, flatMapValuesNode, mapNode, mapValuesNode, unionNode } from "./nodes/index.ts";
import { Preparation } from "./preparation.ts";
import { combineByKeyNode, groupByKeyNode, joinNode, partitionByNode, sortByKeyNode } from "./shuffles/index.ts";
import { captured } from "./testing/captured.ts";
import { testOrigin } from "./testing/origin.ts";
import { source, unpreparedSource } from "./testing/source.ts";

const hash = (partitions: number) => hashPartitioner(fixedCount(partitions));
const kinds = (node: { readonly dependencies: readonly { readonly kind: string }[] }) =>
  node.dependencies.map(({ kind }) => kind);

describe("equality", () => {
  const byFirst = (key: string) => key.charCodeAt(0);

  test("hash partitioners are equal by number, custom ones by function and number, ranges to themselves", () => {
    expect(partitionersEqual(hash(3), hash(3))).toBe(true);
    expect(partitionersEqual(hash(3), hash(4))).toBe(false);
    expect(partitionersEqual(undefined, undefined)).toBe(false);
    const custom = customPartitioner(byFirst, captured, 3);
    expect(partitionersEqual(custom, customPartitioner(byFirst, captured, 3))).toBe(true);
    expect(partitionersEqual(custom, customPartitioner(byFirst, captured, 4))).toBe(false);
    expect(
      partitionersEqual(
        custom,
        customPartitioner((key: string) => key.length, captured, 3),
      ),
    ).toBe(false);
    expect(partitionersEqual(custom, hash(3))).toBe(false);
    expect(partitionersEqual(rangePartitioner(fixedCount(3), 1), rangePartitioner(fixedCount(3), 1))).toBe(true);
    expect(partitionersEqual(rangePartitioner(fixedCount(3), 1), rangePartitioner(fixedCount(3), 2))).toBe(false);
  });

  test("counts that are not known yet are equal where they are one count", () => {
    const origin = testOrigin();
    const files = unpreparedSource(origin, 4);
    const others = unpreparedSource(origin, 4);
    const a = defaultPartitioner([files], undefined);
    const b = defaultPartitioner([mapNode(origin, files, captured)], undefined);
    expect(partitionersEqual(a, b)).toBe(true);
    expect(partitionersEqual(a, defaultPartitioner([others], undefined))).toBe(false);
    expect(partitionersEqual(a, hash(4))).toBe(false);
  });
});

describe("the default partitioner", () => {
  const origin = testOrigin();
  const placed = (partitions: number) => partitionByNode(origin, source(origin, 2), hash(partitions));

  test.each([
    ["as many partitions as the largest parent", [source(origin, 2), source(origin, 7)], undefined, 7],
    ["at least one", [source(origin, 0)], undefined, 1],
    ["default.parallelism where it is set", [source(origin, 2)], 5, 5],
    ["an existing partitioner", [placed(3), source(origin, 8)], undefined, 3],
    ["the largest existing partitioner", [placed(3), placed(4)], undefined, 4],
    ["not one with ten times fewer partitions", [placed(3), source(origin, 30)], undefined, 30],
    ["such a one where it has as many as are wanted", [placed(3), source(origin, 30)], 3, 3],
  ])("%s", (_, parents, configured, partitions) => {
    const partitioner = defaultPartitioner(parents, configured);
    expect(partitioner).toMatchObject({ kind: "hash", partitions });
  });

  test("the ranges of a sort serve nodes that all have them", () => {
    const sorted = sortByKeyNode(origin, source(origin, 4), { ascending: true }, fixedCount(4));
    const values = mapValuesNode(origin, sorted, captured);
    expect(defaultPartitioner([sorted, values], undefined)).toBe(sorted.partitioner);
    expect(defaultPartitioner([sorted, source(origin, 2)], undefined)).toMatchObject({ kind: "hash", partitions: 4 });
  });
});

describe("propagation", () => {
  const origin = testOrigin();
  const grouped = groupByKeyNode(origin, source(origin, 4), hash(3));

  test("operations that leave keys alone keep the partitioner, others drop it", () => {
    expect(mapValuesNode(origin, grouped, captured).partitioner).toBe(grouped.partitioner);
    expect(flatMapValuesNode(origin, grouped, captured).partitioner).toBe(grouped.partitioner);
    expect(filterNode(origin, grouped, captured).partitioner).toBe(grouped.partitioner);
    expect(mapNode(origin, grouped, captured).partitioner).toBeUndefined();
  });

  test("a union keeps a partitioner that all parents have", () => {
    const both = unionNode(origin, [grouped, mapValuesNode(origin, grouped, captured)]);
    expect(both.partitioner).toBe(grouped.partitioner);
    expect(both.partitionCount()).toBe(3);
    const mixed = unionNode(origin, [grouped, source(origin, 2)]);
    expect(mixed.partitioner).toBeUndefined();
    expect(mixed.partitionCount()).toBe(5);
  });

  test("operations by the partitioner that is there need no shuffle", () => {
    const combining = { mergeValue: captured, mergeCombiners: captured, mapSide: true };
    const narrow = combineByKeyNode(origin, grouped, combining, hash(3));
    expect(kinds(narrow)).toEqual(["narrow"]);
    expect(narrow.kernel).toMatchObject({ export: "combineReader", data: { mapSide: false } });
    const wide = combineByKeyNode(origin, grouped, combining, hash(4));
    expect(kinds(wide)).toEqual(["shuffle"]);
    expect(wide.kernel.data).toEqual({ mapSide: true, roles: ["mergeValue", "mergeCombiners"] });
    expect(wide.dependencies[0]).toMatchObject({
      writer: { package: "@gloam/shuffle", export: "combineWriter", data: { partitions: 4 } },
    });
    expect(partitionByNode(origin, grouped, hash(3))).toBe(grouped);
    expect(kinds(joinNode(origin, grouped, source(origin, 2), "inner", hash(3)))).toEqual(["narrow", "shuffle"]);
  });

  test("a custom partitioner's function travels with the writer", () => {
    const custom = customPartitioner((key: number) => key, captured, 2);
    const [shuffle] = groupByKeyNode(origin, source(origin, 2), custom).dependencies;
    expect(shuffle).toMatchObject({
      writer: { export: "hashWriter", functions: [captured], data: { partitions: 2, roles: ["partition"] } },
    });
  });
});

test("counts follow from sources once these are prepared", async () => {
  const origin = testOrigin();
  const files = unpreparedSource(origin, 4);
  const grouped = groupByKeyNode(origin, files, defaultPartitioner([files], undefined));
  const union = unionNode(origin, [grouped, source(origin, 3)]);
  const joined = joinNode(origin, union, grouped, "full", defaultPartitioner([union, grouped], undefined));
  expect(kinds(joined)).toEqual(["shuffle", "narrow"]);
  await new Preparation().prepare(ancestorsFirst(joined));
  expect(union.partitionCount()).toBe(7);
  expect(joined.partitionCount()).toBe(4);
  expect(joined.dependencies[0]).toMatchObject({ writer: { data: { partitions: 4 } } });
  expect(union.dependencies[1]).toMatchObject({ mapping: { kind: "range", start: 4, length: 3 } });
  expect(files.prepared).toBe(1);
});
