import fc from "fast-check";
import { expect, test } from "vitest";
import { NumberIndex } from "./number-index.ts";

test("keys are looked up in any order, among them such as are unknown", () => {
  const key = fc.oneof(fc.integer({ min: -3, max: 20 }), fc.constantFrom(NaN, 0, -0, 0.5, Infinity));
  fc.assert(
    fc.property(fc.array(key), fc.array(key), fc.boolean(), (known, others, alike) => {
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
