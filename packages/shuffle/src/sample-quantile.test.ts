import { compareKeys } from "@gloam/plan";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleQuantile, type SampleList } from "./sample-quantile.ts";

function listOf(keys: readonly unknown[], weight: number): SampleList {
  return { length: keys.length, at: (index) => keys[index], weight };
}

test("is the key at which the weights of all lists, sorted as one, pass what is wanted", () => {
  const keys = fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.double({ noNaN: true })), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(fc.tuple(keys, fc.integer({ min: 1, max: 9 }))), fc.nat(400), (lists, wanted) => {
      const all = lists.flatMap(([list, weight]) => list.map((key) => ({ key, weight })));
      all.sort((a, b) => compareKeys(a.key, b.key));
      let behind = 0;
      const expected = all.find(({ weight }) => (behind += weight) > wanted) ?? all.at(-1);
      const sorted = lists.map(([list, weight]) => listOf(list.toSorted(compareKeys), weight));
      const found = sampleQuantile(sorted, wanted, compareKeys);
      expect(found === undefined).toBe(expected === undefined);
      if (found !== undefined) expect(compareKeys(found.key, expected!.key)).toBe(0);
    }),
  );
});

test.each([
  ["alike", (list: number, at: number) => at * 1000 + list],
  ["one after the other", (list: number, at: number) => list * 1000 + at],
  ["all the same", () => 7],
])("few keys of long lists are looked at when they are %s", (_, keyOf) => {
  let looks = 0;
  const lists = Array.from({ length: 64 }, (__, list): SampleList => {
    const keys = Array.from({ length: 1000 }, (___, at) => keyOf(list, at));
    return { ...listOf(keys, 1), at: (index) => (looks++, keys[index]) };
  });
  const all = lists.flatMap((list) => Array.from({ length: list.length }, (__, index) => list.at(index) as number));
  const sorted = all.toSorted((a, b) => a - b);
  looks = 0;
  expect(sampleQuantile(lists, 12_345, compareKeys)?.key).toBe(sorted[12_345]);
  expect(looks).toBeLessThan(64_000 / 2);
});

test.each([
  ["the first comes before", (a: number, b: number) => (a <= b ? -1 : 1)],
  ["the first comes after", (a: number, b: number) => (a < b ? -1 : 1)],
  ["nothing", (a: number, b: number) => (a === b ? NaN : a - b)],
])("comparisons that say of equal keys that %s", (_, order) => {
  const compare = (a: unknown, b: unknown): number => order(a as number, b as number);
  const lists = [listOf([1, 2, 2, 2, 3], 10), listOf([2, 2, 4], 10), listOf([], 0)];
  const found = [0, 15, 25, 35, 45, 65, 79].map((wanted) => sampleQuantile(lists, wanted, compare)?.key);
  expect(found).toEqual([1, 2, 2, 2, 2, 3, 4]);
});

test.each([1, -1, 0, NaN])("a comparison that always says %s gives some key", (said) => {
  const lists = [listOf([1, 2, 3], 1), listOf([4, 5], 1)];
  for (const wanted of [0, 2, 5]) expect([1, 2, 3, 4, 5]).toContain(sampleQuantile(lists, wanted, () => said)?.key);
});
