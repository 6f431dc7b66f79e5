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
      const expected = all.find(({ weight }) => (behind += weight) > wanted);
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
