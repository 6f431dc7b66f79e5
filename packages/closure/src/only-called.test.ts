import { expect, test } from "vitest";
import { isOnlyCalled, isReachedByItself } from "./only-called.ts";

test.each(["f(1)", "x => f (x) + f(2)", "x => ff + $f.f(x)", "x => 1", "`${f(1)}`"])("%s only calls f", (source) => {
  expect(isOnlyCalled("f", source)).toBe(true);
});

test.each(["f", "f.n = 1", "new f()", "g(f)", "f`x`", "f /* */ .n", "[f]", "({ f })", "f?.(1)", "f.call(1)"])(
  "%s does something else with f",
  (source) => {
    expect(isOnlyCalled("f", source)).toBe(false);
  },
);

test("names may have any characters", () => {
  expect(isOnlyCalled("$é", "$é(1) + $ée + a$é")).toBe(true);
  expect(isOnlyCalled("$é", "$é")).toBe(false);
});

test.each([
  ["function f(x) { return f(x - 1); }", true, false],
  ["function f(x) { f.n = x; }", true, true],
  ["async function* f() { yield f; }", true, true],
  ["function (x) { return x; }", true, false],
  ["(x) => f", true, false],
  ["function (x) { arguments.callee.n = x; }", false, true],
  ["function (x) { return arguments.length; }", true, false],
])("%s", (source, strict, expected) => {
  const nothing = { form: "expression", name: "f", parameters: [], late: [], assigns: false, quiet: true } as const;
  expect(isReachedByItself({ ...nothing, source, strict, file: "", line: 0, column: 0 })).toBe(expected);
});
