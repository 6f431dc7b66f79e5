import { expect, test } from "vitest";
import { captureFunction } from "./capture-function.ts";
import { loadFunctions } from "./load-functions.ts";
import { parseFunction } from "./parse-function.ts";
import { rewriteFunction } from "./rewrite-function.ts";
import { splice } from "./lay-out.ts";

function rewritten(text: string): string {
  const parsed = parseFunction(text)!;
  return splice(parsed.program, rewriteFunction(parsed, "").pieces);
}

test.each([
  ["(i) => (i * 1664525 + 1013904223) % 1000003", "(i) => $gq(i * 1664525 + 1013904223,1000003)"],
  ["(i) => i * 31 % 7", "(i) => $gq(i * 31,7)"],
  ["(i) => 1 + i*31%7*i%9", "(i) => 1 + $gq($gq(i*31,7)*i,9)"],
  ["(i) => ((i * 31 + 1) % 7 * i) % 9", "(i) => $gq($gq(i * 31 + 1,7) * i,9)"],
  ["(i) => { return((i ** 2))%(1e9); }", "(i) => { return $gq(i ** 2,1e9); }"],
  ["(t) => (t.split(',').length * 3) % 7", "(t) => $gq($gcut(t,',').length * 3,7)"],
  ["(a) => (a.map((x) => x * 3 % 5).length * 3) % 7", "(a) => $gq($gm(a,(x) => $gq(x * 3,5)).length * 3,7)"],
])("%s is rewritten", (text, expected) => {
  expect(rewritten(text)).toBe(expected);
});

test.each([
  "(i) => i % 1000",
  "(i) => (i + 1) % 1000",
  "(i) => (i * 3) % m",
  "(i) => (i * 3) % 1",
  "(i) => (i * 3) % 2.5",
  "(i) => (i * 3) % 2147483648",
  "(i) => (i * 3n) % 7n",
  "(i) => (-(i * 3)) % 7",
  "(i) => (i * 3) % -7",
  "(i) => $gq * ((i * 3) % 7)",
])("%s is left alone", (text) => {
  expect(rewritten(text)).toBe(text);
});

test("an executor computes the same", async () => {
  const hash = (text: string): number => {
    let value = 7;
    for (let at = 0; at < text.length; at++) value = (value * 1664525 + text.charCodeAt(at)) % 1000000007;
    return value;
  };
  const [rebuilt] = (await loadFunctions([captureFunction(hash, { operation: "map" })])).instantiate();
  expect(rebuilt!("the quick brown fox")).toBe(hash("the quick brown fox"));
});
