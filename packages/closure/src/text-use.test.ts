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

describe("a function cuts its text", () => {
  test.each([
    ["(line) => line.slice(2, 5)", { from: 2, to: 5 }],
    ["(line) => line.slice(-3)", { from: -3 }],
    ["(line) => { return line.slice(1, -1); }", { from: 1, to: -1 }],
    ["(line) => line.substring(5, 2)", { from: 2, to: 5 }],
    ["(line) => line.substring(-1)", { from: 0 }],
    ["(line) => line.substring(4, -1)", { from: 0, to: 4 }],
  ])("into a piece: %s", (text, cut) => {
    expect(useOf(text)).toEqual({ kind: "cut", cut });
  });

  test.each([
    ["(line) => [line.slice(0, 10), line.slice(11)]", { key: { from: 0, to: 10 }, value: { from: 11 } }],
    ["(line) => [line.substring(3), line]", { key: { from: 3 }, value: { from: 0 } }],
    ["(line) => [line, line.slice(-2)]", { key: { from: 0 }, value: { from: -2 } }],
  ])("into a pair: %s", (text, cuts) => {
    expect(useOf(text)).toEqual({ kind: "cuts", cuts });
  });
});

test.each([
  ["([key, rest]) => `${key} ${rest}`", [0, " ", 1]],
  ["([, value]) => value", [1]],
  ["(pair) => pair[1] + '\\t' + pair[0] + '.'", [1, "\t", 0, "."]],
  ["([a, b, c]) => { return `<${c}${'-' + a}>` + b; }", ["<", 2, "-", 0, ">", 1]],
  ["([a, b]) => [a, b, `${a}!`].join(';')", [0, ";", 1, ";", 0, "!"]],
  ["([a, b]) => [b, a].join()", [1, ",", 0]],
  ["(pair) => pair[0]", [0]],
])("a function joins texts: %s", (text, parts) => {
  expect(useOf(text)).toEqual({ kind: "joined", parts });
});

test.each([
  "([a]) => 'b'",
  "([a]) => `${b}${a}`",
  "([a = 1]) => a",
  "([a, ...b]) => `${a}${b}`",
  "([[a], b]) => `${a}${b}`",
  "([a, b]) => a - b",
  "([a, b]) => a + 1",
  "([a, b]) => tag`${a}${b}`",
  "([a, b]) => a.concat(b)",
  "([a, b]) => [a, ...b].join()",
  "([a, b]) => [a, , b].join()",
  "([a, b]) => [a, b].join(a)",
  "([a, b]) => `\\ud83d${a}`",
  "(pair) => pair.at(0) + ''",
  "(pair) => pair?.[0] + ''",
  "(pair) => `${pair}`",
  "({ a }) => a + ''",
  "(line) => [line.slice(0, n), line]",
  "(line) => [line.slice(0.5), line]",
  "(line) => [line.slice(0, 1, 2), line]",
  "(line) => [line.slice(...[1]), line]",
  "(line) => [line?.slice(1), line]",
  "(line) => [line['slice'](1), line]",
  "(line) => [line.slice(1), line.length]",
  "(line) => [line.slice(1), line, 1]",
  "(line) => [line.substr(1), line]",
  "(line) => other.slice(1)",
])("%s may do anything as well", (text) => {
  expect(useOf(text)).toBeUndefined();
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
