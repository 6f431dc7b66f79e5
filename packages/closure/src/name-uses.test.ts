import { expect, test } from "vitest";
import { nameUses } from "./name-uses.ts";
import { parseFunction } from "./parse-function.ts";

const usesIn = (source: string, ...captured: readonly string[]) => nameUses(parseFunction(source)!, captured);

test.each(["f(1)", "[f (1) + f(2)]", "ff + $f.f(x)", "1", "`${f(1)}`", "f/**/(1)", "({ f: 1 }).f"])(
  "%s only calls f",
  (code) => {
    expect(usesIn(`(x) => ${code}`, "f").called).toEqual([0]);
  },
);

test.each([
  ...["f", "f.n = 1", "new f()", "new/**/f(1)", "g(f)", "f`x`", "f /* */ .n", "[f]", "({ f })", "f?.(1)", "f.call(1)"],
  ...["\\u0066.n", "({ [f]: 1 })", "x[f]"],
])("%s does something else with f", (code) => {
  expect(usesIn(`(x) => (${code})`, "g", "f").called).not.toContain(1);
});

test("names may have any characters", () => {
  expect(usesIn("() => $é(1) + $ée + a$é", "$é", "$ée").called).toEqual([0]);
});

test.each([
  ["function f(x) { return f(x - 1); }", false],
  ["function f(x) { f.n = x; }", true],
  ["function /*c*/ f(x) { (f.n ??= []).push(x); }", true],
  ["function f/*c*/(x) { f.n = x; }", true],
  ["async function* f() { yield f; }", true],
  ["function (x) { return x; }", false],
  ["(x) => f", false],
  ["function (x) { var o = 010; arguments.callee.n = x; }", true],
  ["function (x) { return arguments.length; }", false],
])("%s reaches itself: %s", (source, expected) => {
  expect(usesIn(source).reachesItself).toBe(expected);
});

test.each([
  "(x) => x <= k[0]",
  "(x) => h(x) && x.map((y) => y * 2)",
  "([label, features]) => { let dot = 0; for (const x of features) dot += k[0] * x; return features.map((x) => x * dot); }",
  "function fib(x) { return x < 2 ? k : fib(x - 1) + fib(x - 2); }",
  "({ k: 1, f(x) { return x.k; } }).f",
])("nothing that %s makes reads a captured name", (source) => {
  expect(usesIn(source, "k", "h").enclosed).toBe(true);
});

test.each([
  "(x) => () => k",
  "(xs) => xs.map((x) => x + k)",
  "(x) => ({ get y() { return k; } })",
  "(x) => ({ y() { return k; } })",
  "(x) => (Math.memo ??= (y) => y * k[0])(x)",
  "(x) => Object.assign([x], { total: () => \\u006b[0] })",
  "(x) => class { y = k; }",
  "(x, f = () => k) => f",
  "(x) => ({ [Symbol.iterator]: function* () { yield k; } })",
  "async (x) => { await x; return k; }",
  "function* (x) { yield k; }",
  "(x) => eval('() => k')",
  "function (x) { var o = 010; return k; }",
  "function again(x) { return () => again(x); }",
])("%s may leave something behind that does", (source) => {
  expect(usesIn(source, "k").enclosed).toBe(false);
});
