import { GloamError } from "@gloam/common";
import { labelOf, type AnyFunction } from "./capture-function.ts";
import type { CapturedFunction } from "./captured-function.ts";
import { encodeGraph } from "./encode-graph.ts";
import { BoundedCache } from "./bounded-cache.ts";
import { digest } from "./code-hash.ts";
import { parseOnce } from "./function-text.ts";
import { NodeReference, type FunctionCode, type ValueGraph } from "./value-graph.ts";

const captured = new BoundedCache<CapturedFunction>();

/**
 * Captures a function that has no free names but globals, such as Gloam's own. Neither the inspector nor, outside tests, the parser is
 * used: a few microseconds, and the same bytes in every process.
 *
 * @throws `GLOAM_INTERNAL` in tests, when the function does use a name from around it, or is not an arrow function or function
 *   expression.
 */
export function pureFunction(fn: AnyFunction): CapturedFunction {
  const text = Function.prototype.toString.call(fn);
  return captured.get(text) ?? captured.set(text, encodePure(fn, text));
}

function encodePure(fn: AnyFunction, text: string): CapturedFunction {
  if (process.env["NODE_ENV"] === "test") checkPure(fn, text);
  const code: FunctionCode = {
    source: text,
    form: "expression",
    name: fn.name,
    // Bundlers that keep names call this for functions inside the function.
    parameters: ["__name"],
    late: [],
    assigns: false,
    called: [0],
    reachesItself: false,
    enclosed: false,
    strict: true,
    file: "",
    line: 0,
    column: 0,
  };
  const identityFunction = { ...code, source: "(value) => value", name: "__name", parameters: [], called: [] };
  const graph: ValueGraph = {
    realm: "",
    codes: [code, identityFunction],
    modules: [],
    nodes: [node(0, [new NodeReference(1)]), node(1, [])],
    order: [1, 0],
    root: new NodeReference(0),
  };
  const { bytes } = encodeGraph(graph, []);
  return { codeHash: digest(bytes), bytes, modules: [], label: labelOf(fn, text) };
}

function node(code: number, captures: NodeReference[]): ValueGraph["nodes"][number] {
  return { identity: 0, content: { kind: "function", code, captures }, prototypeOf: undefined, properties: [] };
}

function checkPure(fn: AnyFunction, text: string): void {
  const parsed = parseOnce(text);
  const names = [...(parsed?.surroundings.free ?? [])].filter((name) => name !== "__name" && !(name in globalThis));
  if (parsed?.form === "expression" && names.length === 0 && parsed.surroundings.lexical === undefined) return;
  throw new GloamError(
    "GLOAM_INTERNAL",
    `'${labelOf(fn, text)}' is not a pure function: ${names.join(", ") || "its form"}`,
  );
}
