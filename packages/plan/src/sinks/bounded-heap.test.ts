import fc from "fast-check";
import { expect, test } from "vitest";
import { createBoundedHeap } from "./bounded-heap.ts";

test("a bounded heap keeps what a stable sort puts first", () => {
  const elements = fc.array(fc.record({ key: fc.integer({ min: 0, max: 9 }), id: fc.integer() }), { maxLength: 60 });
  fc.assert(
    fc.property(elements, fc.integer({ min: 1, max: 20 }), fc.boolean(), (given, limit, descending) => {
      const compare = (a: unknown, b: unknown) => (a as number) - (b as number);
      const heap = createBoundedHeap(limit, compare, descending);
      for (const element of given) heap.offer(element.key, element);
      const sorted = given.toSorted((a, b) => (descending ? b.key - a.key : a.key - b.key));
      expect(heap.drain()).toEqual(sorted.slice(0, limit));
    }),
  );
});
