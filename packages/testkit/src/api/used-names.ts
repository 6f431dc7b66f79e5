import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, Visitor, type CallExpression } from "oxc-parser";

/**
 * Names whose types are tested: properties of anything and functions that are called, in tests of types alone and, in other tests,
 * in what is given to `expectTypeOf`.
 */
export function namesInTypeTests(folders: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const folder of folders) {
    for (const file of filesIn(folder, ".test-d.ts")) addNames(names, file, () => true);
    for (const file of filesIn(folder, ".test.ts")) addNames(names, file, isExpectTypeOf);
  }
  return names;
}

/** Names that are used in tests which run on every master. */
export function namesOnEveryMaster(folder: string): Set<string> {
  const names = new Set<string>();
  for (const file of filesIn(folder, ".test.ts")) addNames(names, file, isOnEveryMaster);
  return names;
}

/** Adds what is used within the calls that count. */
function addNames(names: Set<string>, file: string, counts: (call: CallExpression) => boolean): void {
  let depth = 0;
  const { program } = parseSync(file, readFileSync(file, "utf8"));
  new Visitor({
    CallExpression(call) {
      if (counts(call)) depth++;
      if (depth > 0 && call.callee.type === "Identifier") names.add(call.callee.name);
    },
    MemberExpression({ property }) {
      if (depth > 0 && property.type === "Identifier") names.add(property.name);
    },
    "CallExpression:exit"(call) {
      if (counts(call)) depth--;
    },
  }).visit(program);
}

function isExpectTypeOf({ callee }: CallExpression): boolean {
  return callee.type === "Identifier" && callee.name === "expectTypeOf";
}

/** `onEveryMaster(...)`, and `describe.each(masters)(...)` or `test.each(masters)(...)`. */
function isOnEveryMaster({ callee }: CallExpression): boolean {
  if (callee.type === "Identifier") return callee.name === "onEveryMaster";
  if (callee.type !== "CallExpression") return false;
  const [first] = callee.arguments;
  return first?.type === "Identifier" && first.name === "masters";
}

function filesIn(folder: string, ending: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(ending)).map((file) => join(folder, file));
}
