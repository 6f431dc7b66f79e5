import { hashKey, keysEqual } from "@gloam/plan";
import fc from "fast-check";
import { expect, test } from "vitest";
import { NumberIndex } from "./number-index.ts";

const key = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.double(), fc.constantFrom(-0, NaN));

test("ids count up in the order of first appearance, however often the index grows", () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 400 }), (all) => {
      const index = new NumberIndex();
      const ids = new Int32Array(all.length);
      const keys = Float64Array.from(all);
      for (let at = 0; (at = index.find(keys, at, keys.length, ids)) < keys.length;) index.grow();
      const distinct = all.filter((one, at) => all.findIndex((other) => keysEqual(one, other)) === at);
      expect([...index.keys.subarray(0, index.count)]).toEqual(distinct);
      expect([...ids]).toEqual(all.map((one) => distinct.findIndex((other) => keysEqual(one, other))));
      expect([...index.hashes()]).toEqual(distinct.map(hashKey));
    }),
  );
});

test("grows beyond the keys that are hashed at once", () => {
  const keys = Float64Array.from({ length: 20_000 }, (_, at) => at * 3);
  const index = new NumberIndex();
  index.load(keys);
  index.grow(64 * 1024);
  const ids = new Int32Array(keys.length);
  index.lookUp(keys, keys.length, ids);
  expect(ids.every((id, at) => id === at)).toBe(true);
});

test("keys are looked up in any order, among them such as are unknown", () => {
  const few = fc.oneof(fc.integer({ min: -3, max: 20 }), fc.constantFrom(NaN, 0, -0, 0.5, Infinity));
  fc.assert(
    fc.property(fc.array(few), fc.array(few), fc.boolean(), (known, others, alike) => {
      const index = new NumberIndex();
      const distinct = [...new Set(known)];
      index.load(Float64Array.from(distinct));
      const asked = alike ? [...distinct, ...others, ...distinct] : others;
      const ids = new Int32Array(asked.length);
      index.lookUp(Float64Array.from(asked), asked.length, ids);
      // As `includes` compares, and the index does.
      const expected = asked.map((each) => distinct.findIndex((other) => [other].includes(each)));
      expect([...ids]).toEqual(expected);
    }),
  );
});

test("an unused place is no key", () => {
  const index = new NumberIndex();
  index.load(Float64Array.of(1));
  const ids = new Int32Array(2);
  index.lookUp(Float64Array.of(1, 0), 2, ids);
  expect([...ids]).toEqual([0, -1]);
});
