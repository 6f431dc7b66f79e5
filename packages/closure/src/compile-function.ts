import { findSourceMap } from "node:module";
import { Script } from "node:vm";
import { intrinsicNames } from "./idioms.ts";
import { ownIntrinsics, type IntrinsicName } from "./intrinsics.ts";
import type { FunctionCode } from "./value-graph.ts";

/** Makes a function of its captured values, in the order of the code's parameters. */
export type FunctionMaker = (...captures: unknown[]) => BuiltFunction;

/** A function, or where names are bound late, what binds them and the function. */
export type BuiltFunction = ((...parameters: unknown[]) => unknown) | LateFunction;

/** What binds names, and the function that has them. */
export type LateFunction = readonly [bind: (...late: unknown[]) => void, made: (...parameters: unknown[]) => unknown];

/** What a program may have replaced, as it was. */
const arrayMap: unknown = Reflect.get(Array.prototype, "map");
const largestCache = 20_000;
const factories = new Map<string, FunctionMaker>();

/**
 * The compiled factory of a function: `(k) => x => x * k`. Compiled once per key in this thread, so that all functions that it makes
 * share their code and what V8 learns about it, and can be inlined into a generated loop.
 *
 * @param key The graph's code hash and the function's place in it. Equal code in graphs that differ elsewhere is compiled apart on
 *   purpose: `x => f(x)` with another `f` learns other things.
 */
export function compileFunction(key: string, code: FunctionCode): FunctionMaker {
  let factory = factories.get(key);
  if (factory === undefined) {
    if (factories.size >= largestCache) factories.clear();
    factories.set(key, (factory = compile(code)));
  }
  return factory;
}

function compile(code: FunctionCode): FunctionMaker {
  const { before, after } = surround(code);
  const script = new Script(before + code.source + after, {
    filename: stackName(code.file),
    lineOffset: code.line,
    columnOffset: code.column - before.length,
  });
  return withOwnIntrinsics(script.runInThisContext() as FunctionMaker, code);
}

/**
 * Gives the function copies of its own of the intrinsics that call what it passes, since V8 inlines a function into one place only, or
 * that are short enough for what V8 learns about their numbers to matter.
 */
function withOwnIntrinsics(make: FunctionMaker, { parameters, late }: FunctionCode): FunctionMaker {
  const direct = parameters.filter((_, index) => !late.includes(index));
  const copies = Object.entries(ownIntrinsics).flatMap(([name, source]) => {
    const at = direct.indexOf(intrinsicNames[name as IntrinsicName]);
    return at < 0 ? [] : [{ at, copy: evaluate(source())(arrayMap) }];
  });
  if (copies.length === 0) return make;
  return (...captures) => {
    // A program's own variable of that name has a value.
    for (const { at, copy } of copies) captures[at] ??= copy;
    return make(...captures);
  };
}

function evaluate(source: string): (map: unknown) => unknown {
  // Stacks name the file of the original; a CommonJS bundle has none.
  const filename = (import.meta.url as string | undefined) ?? "gloam-intrinsics";
  return new Script(source, { filename }).runInThisContext() as (map: unknown) => unknown;
}

/**
 * The file name that stacks show. Lines are right already; where this thread has a source map for the same file, because it imported
 * it through a loader, Node.js would apply it to them: `file://localhost` names the same file and escapes that.
 */
function stackName(file: string): string {
  if (file === "") return "gloam-function";
  return file.startsWith("/") && findSourceMap(file) !== undefined ? `file://localhost${file}` : file;
}

/** The text around a function, on its first and last line, that makes a factory of it. */
function surround({ form, name, parameters, late, strict }: FunctionCode): { before: string; after: string } {
  const direct = parameters.filter((_, index) => !late.includes(index));
  const lateNames = late.map((index) => parameters[index] as string);
  const directive = strict ? '"use strict";' : "";
  const [open, close] = unwrapping(form, name);
  if (late.length === 0) return { before: `((${direct.join()})=>{${directive}return ${open}`, after: `\n${close}})` };
  let bound = "$";
  while (parameters.includes(bound)) bound += "$";
  const assign = lateNames.map((lateName, index) => `${lateName}=${bound}[${index}];`).join("");
  return {
    // `var`, as old code may have a variable that is called `let`. In an array: as the value of a property the function would have
    // its key for a name in stacks.
    before: `((${direct.join()})=>{${directive}var ${lateNames.join()};return[(...${bound})=>{${assign}},${open}`,
    after: `\n${close}]})`,
  };
}

/** The text around a function alone, that makes an expression of it. */
function unwrapping(form: FunctionCode["form"], name: string): readonly [before: string, after: string] {
  if (form === "method") return ["Object.values({", "})[0]"];
  if (form === "getter") return ["Object.values(Object.getOwnPropertyDescriptors({", "}))[0].get"];
  if (form === "setter") return ["Object.values(Object.getOwnPropertyDescriptors({", "}))[0].set"];
  if (name === "" || name === "__proto__") return ["(", ")"];
  // The key of a property gives a nameless function its name, which stacks show.
  const key = JSON.stringify(name);
  return [`({${key}:`, `})[${key}]`];
}

/** A function with that name. */
export function withName<F extends (...parameters: never[]) => unknown>(built: F, name: string): F {
  // A class may have a static member of that name.
  if (built.name !== name && typeof built.name === "string") {
    Object.defineProperty(built, "name", { value: name, configurable: true });
  }
  return built;
}
