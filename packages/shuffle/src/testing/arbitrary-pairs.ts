import fc from "fast-check";

/** Keys of one kind each, few enough that they come again. */
export const keyKinds: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  integers: fc.integer({ min: -20, max: 20 }),
  numbers: fc.oneof(fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1.5, 2 ** 40), fc.integer({ min: 0, max: 200 })),
  words: fc.oneof(fc.constantFrom("", "a", "b", "ab", "ba"), fc.string({ maxLength: 3 })),
  texts: fc.oneof(
    fc.constantFrom("é", "日本", "🙂", "\ud800", "x".repeat(3000)),
    fc.string({ unit: "binary", maxLength: 3 }),
  ),
  tuples: fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom("a", "b", "ü")),
  mixed: fc.oneof(
    fc.integer({ min: 0, max: 9 }),
    fc.constantFrom<unknown>("1", "2", 1n, true, null, undefined, [1, 2], { a: 1 }, new Date(5)),
  ),
};
