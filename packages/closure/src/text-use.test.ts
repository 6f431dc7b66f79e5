import { describe, expect, test } from "vitest";
import { parseFunction } from "./parse-function.ts";
import { textUse } from "./text-use.ts";

const useOf = (text: string, isClosed = false): unknown => textUse(parseFunction(text)!, isClosed);

describe("a function uses its text", () => {
  test.each([
    '(line) => line.split(",").map(Number)',
    'line => [line.split(",").map(Number), 1]',
    '(line) => { const values = line.split(",").map(Number); return [values[0], values.slice(1)]; }',
    'function parse(line) { return line.split(";").map((x) => +x); }',
    '(line) => line.split(",").map(parseFloat).concat(line.split(";").map(Number))',
    '(line) => ({ line: line.split(",").map(Number), of: other.line })',
  ])("for its numbers: %s", (text) => {
    expect(useOf(text)).toEqual({ kind: "numbers" });
  });

  test.each([
    ['(line) => line.split(",").map(Number)', ",", "Number"],
    ['(line) => { return line.split(";").map((x) => +x); }', ";", "Number"],
    ["function (line) { return line.split(' ').map((x) => parseFloat(x)); }", " ", "parseFloat"],
    ["line => line.split('\\t').map(parseFloat)", "\t", "parseFloat"],
  ])("for its numbers and nothing else: %s", (text, separator, conversion) => {
    expect(useOf(text, true)).toEqual({ kind: "numbers", whole: { separator, conversion } });
    expect(useOf(text)).toEqual({ kind: "numbers" });
  });

  test.each([
    'line => [line.split(",").map(Number), 1]',
    '(line) => line.split(",").map(Number).concat(line.split(";").map(Number))',
    '(line) => { let values = line.split(",").map(Number); return values; }',
    '(line) => line.split("-").map(Number)',
    '(line) => line.split("1").map(Number)',
    '(line) => line.split("\\r").map(Number)',
    '(line) => line.split("é").map(Number)',
  ])("for its numbers, in a way of its own: %s", (text) => {
    expect(useOf(text, true)).toEqual({ kind: "numbers" });
  });

  test.each([
    "(word) => [word, 1]",
    "word => [word, counter.next(x)]",
    "(word) => { return [word, null]; }",
    "function (word) { return [word, { word: 1 }]; }",
  ])("as a key: %s", (text) => {
    expect(useOf(text)).toEqual({ kind: "key" });
  });

  test.each([
    ["(line) => line.split(/\\s+/)", { pattern: true, text: "\\s+" }],
    ["(line) => { return line.split(/\\W+/); }", { pattern: true, text: "\\W+" }],
    ['(line) => line.split(" ")', { pattern: false, text: " " }],
    ["function (line) { return line.split(','); }", { pattern: false, text: "," }],
  ])("for its pieces: %s", (text, separator) => {
    expect(useOf(text)).toEqual({ kind: "pieces", separator });
  });
});

test.each([
  "() => 1",
  "(line) => 1",
  "(line) => line",
  "(line) => [line]",
  "(line) => [line, line]",
  "(line) => [line, () => line]",
  "(line) => [line, ...rest]",
  "(line) => [...line, 1]",
  "(line) => [1, line]",
  "(line) => [line, 1, 2]",
  "(line) => [line.length, 1]",
  "(line, index) => [line, 1]",
  "(line = 'x') => [line, 1]",
  "({ line }) => [line, 1]",
  "(...line) => [line, 1]",
  "async (line) => [line, 1]",
  "function* (line) { return [line, 1]; }",
  "function (line) { return [line, arguments[0]]; }",
  "(line) => [line, eval('line')]",
  "(line) => { const pair = [line, 1]; return pair; }",
  "(line) => line.split(/\\s+/i)",
  "(line) => line.split(/[ ]+/)",
  "(line) => line.split(/\\W/)",
  "(line) => line.split(/\\s+/, 2)",
  '(line) => line.split("")',
  '(line) => line.split("é")',
  "(line) => line?.split(' ')",
  "(line) => line.split(by)",
  "(line) => line.trim().split(/\\s+/)",
  '(line) => line.text.split(",").map(Number)',
  '(line) => line.split(",").map((x) => x * 2)',
  '(line) => line.split(",").map(Number).concat(line.length)',
  '(line) => () => line.split(",").map(Number)',
  '(line) => { line = line.trim(); return line.split(",").map(Number); }',
  '(line) => { { const { line } = x; return line.split(",").map(Number); } }',
])("%s may do anything", (text) => {
  expect(useOf(text)).toBeUndefined();
});
