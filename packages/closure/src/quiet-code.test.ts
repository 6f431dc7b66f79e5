import { expect, test } from "vitest";
import { parseFunction } from "./parse-function.ts";
import { isQuiet } from "./quiet-code.ts";

const quiet = (source: string, captured: readonly string[] = []): boolean => isQuiet(parseFunction(source)!, captured);

test.each([
  "(x) => Math.max(x, limits[0])",
  "function* (xs) { for (const x of xs) if (x !== undefined) yield [x, limits.length]; }",
  "(row) => row.map((x, j) => ({ x, j, text: `${x}${limits[j]}` }))",
  "(text) => JSON.parse(text).map(Number).filter((x) => !Number.isNaN(x) && limits.includes(x))",
  "(x) => { const seen = new Map(); seen.set(x, limits); return [...seen]; }",
])("%s calls nothing later", (source) => {
  expect(quiet(source, ["limits"])).toBe(true);
});

test.each([
  "async (x) => x",
  "(xs) => xs.map(async (x) => x)",
  "async function* (xs) { yield 1; }",
  "(x) => Promise.resolve(x)",
  "(x) => setTimeout(() => x, 1)",
  "(x) => new ReadableStream({ pull: () => x })",
  "(xs) => Array.fromAsync(xs, (x) => x)",
  "(x) => ({ get y() { return x; } })",
  "(x) => ({ set y(z) { x = z; } })",
  "(x) => Object.defineProperty({}, 'y', { get: () => x })",
  "(x) => Object.create(null, { y: { get: () => x } })",
  "(x) => ({ [Symbol.iterator]: () => x })",
  "(x) => new (class { y = x; })()",
  "(x) => (() => {}).constructor('return 1')()",
  "(x) => import(x)",
  "(x) => process.nextTick(() => x)",
  "(x) => globalThis.keep(() => x)",
  "(x) => keep(() => x)",
  "(x) => eval(x)",
  "(x) => require(x)",
])("%s may", (source) => {
  expect(quiet(source)).toBe(false);
});
