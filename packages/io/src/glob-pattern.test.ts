import { expect, test } from "vitest";
import { isGlob, parseGlob } from "./glob-pattern.ts";

/** Whether a pattern of one step matches a name. */
function matches(pattern: string, name: string): boolean {
  return parseGlob(pattern).some(([step, ...rest]) => {
    expect(rest).toEqual([]);
    if (step?.kind === "name") return step.name === name;
    return step?.kind === "pattern" && step.matches(name);
  });
}

test.each([
  ["*.txt", "a.txt", true],
  ["*.txt", "a.txt.gz", false],
  ["*.txt", ".txt", false],
  ["*", ".hidden", false],
  ["*", "_SUCCESS", false],
  ["_*", "_SUCCESS", true],
  [".*", ".hidden", true],
  ["a?c", "abc", true],
  ["a?c", "a😀c", true],
  ["a?c", "ac", false],
  ["part-[0-3]", "part-2", true],
  ["part-[0-3]", "part-4", false],
  ["part-[!0-3]", "part-4", true],
  ["part-[^0-3]", "part-0", false],
  ["a[]]b", "a]b", true],
  ["a[b", "a[b", true],
  ["a[.]b", "axb", false],
  ["a+(b).$^|", "a+(b).$^|", true],
  ["a\\*b*", "a*bc", true],
  ["a\\*b", "axb", false],
  ["a\\*b", "a*b", true],
  ["{a,b}.txt", "b.txt", true],
  ["{a,b}.txt", "c.txt", false],
  ["x{a,{b,c}d}*", "xcde", true],
  ["x{,y}", "x", true],
  ["{a}", "{a}", true],
  ["{a", "{a", true],
  ["{a}{b,c}", "{a}c", true],
  ["\\{a,b}", "{a,b}", true],
])("%s and %s: %s", (pattern, name, expected) => {
  expect(matches(pattern, name)).toBe(expected);
});

test("a set that means nothing is an error", () => {
  expect(() => parseGlob("[z-a]")).toThrow("GLOAM_ARGUMENT_INVALID");
});

test("alternatives may hold slashes", () => {
  expect(
    parseGlob("a/{b/c,d}/*").map((steps) => steps.map((step) => (step.kind === "name" ? step.name : step.kind))),
  ).toEqual([
    ["a", "b", "c", "pattern"],
    ["a", "d", "pattern"],
  ]);
  expect(isGlob("a/b-c.txt")).toBe(false);
});
