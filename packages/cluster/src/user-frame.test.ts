import { expect, test } from "vitest";
import { userFrame, userFrames } from "./user-frame.ts";

function frameOf(lines: readonly string[], message = "x"): string | undefined {
  return userFrame({ message, stack: [`Error: ${message}`, ...lines].join("\n") });
}

test("the innermost that is neither Gloam's nor generated", () => {
  const lines = [
    "    at Object.open (file:///app/node_modules/@gloam/shuffle/dist/join.js:3:4)",
    "    at gloam-generated:0:9:12",
    "    at gloam-function:1:1",
    "    at Array.map (<anonymous>)",
    "    at node:internal/process/task_queues:95:5",
    "    at async each (file:///app/my%20job.ts:7:8)",
    "    at other (/app/other.ts:1:1)",
  ];
  expect(frameOf(lines)).toBe("/app/my job.ts:7:8");
});

test.each([
  ["    at parse (/app/etl.ts:12:20)", "/app/etl.ts:12:20"],
  ["    at /app/etl.ts:12:20", "/app/etl.ts:12:20"],
  ["    at async /app/etl.ts:12:20", "/app/etl.ts:12:20"],
  ["    at async file:///app/etl.ts:12:20", "/app/etl.ts:12:20"],
  ["    at file://localhost/app/etl.ts:12:20", "/app/etl.ts:12:20"],
  ["    at new Order (file:///app/etl.ts:12:20)", "/app/etl.ts:12:20"],
  ["    at Object.loop [as run] (/app/etl.ts:12:20)", "/app/etl.ts:12:20"],
  ["    at parse (/app/a copy (2)/etl.ts:12:20)", "/app/a copy (2)/etl.ts:12:20"],
  ["    at parse (C:\\app\\etl.ts:12:20)", "C:\\app\\etl.ts:12:20"],
  ["    at parse (webpack://app/src/etl.ts:12:20)", "webpack://app/src/etl.ts:12:20"],
  ["    at parse (webpack:///./src/etl.ts:12:20)", "webpack:///./src/etl.ts:12:20"],
  ["    at https://example.org/etl.js:12:20", "https://example.org/etl.js:12:20"],
  [`    at parse (${process.cwd()}/src/etl.ts:12:20)`, "src/etl.ts:12:20"],
])("%s", (line, expected) => {
  expect(frameOf([line])).toBe(expected);
});

test.each([
  "    at open (/app/node_modules/@gloam/shuffle/src/join-reader.ts:3:4)",
  "    at open (/app/node_modules/gloam/dist/index.js:3:4)",
  "    at open (webpack://app/node_modules/@gloam/executor/dist/worker.js:3:4)",
  "    at open (C:\\app\\node_modules\\@gloam\\executor\\dist\\worker.js:3:4)",
  `    at open (${import.meta.url.replace("user-frame.test.ts", "driver-error.ts")}:3:4)`,
  "    at eval (eval at parse (/app/etl.ts:12:20), <anonymous>:1:1)",
  "    at evalmachine.<anonymous>:1:1",
])("not %s", (line) => {
  expect(frameOf([line, "    at mine (/app/etl.ts:5:6)"])).toBe("/app/etl.ts:5:6");
});

test("a user's package that is built beside others is the user's", () => {
  expect(frameOf(["    at parse (/app/packages/etl/dist/etl.js:12:20)"])).toBe("/app/packages/etl/dist/etl.js:12:20");
});

test("a stack in the message, and the source line before it, are not looked at", () => {
  const message = "it failed:\nError: inner\n    at inner (/app/inner.ts:1:1)";
  const stack = [
    "/app/etl.ts:7",
    "    at(/app/wrong.ts:1:1)",
    "      ^",
    "",
    `Error: ${message}`,
    "    at /app/etl.ts:7:9",
  ];
  expect(userFrame({ message, stack: stack.join("\n") })).toBe("/app/etl.ts:7:9");
});

test("frames of the user, without Gloam's and what is around them", () => {
  const users = [
    "    at JSON.parse (<anonymous>)",
    "    at parse (file:///app/my%20job.ts:7:8)",
    "    at Array.map (<anonymous>)",
    "    at async /app/other.ts:1:1",
  ];
  const stack = [
    "Error: x",
    "    at Object.open (file:///app/node_modules/@gloam/shuffle/dist/join.js:3:4)",
    ...users,
    "    at loop (gloam-generated:0:16:12)",
    "    at LoopRunner.run (file:///app/node_modules/@gloam/executor/dist/worker.js:1098:15)",
    "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
  ];
  expect(userFrames({ message: "x", stack: stack.join("\n") })).toEqual(users);
  expect(userFrames({ message: "x", stack: stack.slice(0, 2).join("\n") })).toEqual([]);
  expect(userFrames({ message: "x" })).toEqual([]);
});

test("is unknown without a stack", () => {
  expect(userFrame({ message: "x" })).toBeUndefined();
});

test.each(["file://bundle/a.js", "file:///app/a%2Fb.js"])("%s, which is no path, is a file of the user", (url) => {
  const stack = `Error: x\n    at f (${url}:1:2)`;
  expect(userFrame({ message: "x", stack })).toBe(`${url}:1:2`);
  expect(userFrames({ message: "x", stack })).toEqual([`    at f (${url}:1:2)`]);
});
