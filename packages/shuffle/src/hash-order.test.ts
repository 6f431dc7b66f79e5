import fc from "fast-check";
import { expect, test } from "vitest";
import { orderByHash } from "./hash-order.ts";

const hashes = fc.oneof(
  fc.int32Array({ maxLength: 300 }),
  fc.int32Array({ min: -3, max: 3, maxLength: 300 }),
  fc.int32Array({ min: 1 << 30, maxLength: 300 }),
);

test("ids come by their hashes without sign, equal ones as they were", () => {
  fc.assert(
    fc.property(hashes, (all) => {
      const ids = Array.from(all, (_, id) => id);
      const expected = ids.toSorted((a, b) => (all[a]! >>> 0) - (all[b]! >>> 0) || a - b);
      expect([...orderByHash(all, all.length)]).toEqual(expected);
    }),
  );
});

test("orders more ids than its memory had room for, and fewer afterwards", () => {
  const many = Int32Array.from({ length: 100_000 }, (_, id) => Math.imul(id, 0x9e3779b1));
  const order = orderByHash(many, many.length);
  expect(order.every((id, at) => at === 0 || many[order[at - 1]!]! >>> 0 < many[id]! >>> 0)).toBe(true);
  expect([...orderByHash(many, 3)]).toEqual([0, 2, 1]);
});
