import { childrenOf, type SyntaxNode } from "./acorn.ts";
import type { LinkedNode } from "./link-graphs.ts";
import type { ParsedFunction } from "./parse-function.ts";

/** Globals that call nothing later, nor keep what they are given. */
const quietGlobals = new Set(
  [
    "Number Math String Boolean Array Object JSON Map Set BigInt Date RegExp Error TypeError RangeError",
    "parseInt parseFloat isNaN isFinite Infinity NaN undefined console structuredClone TextEncoder TextDecoder Buffer",
    "ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array",
    "Float32Array Float64Array BigInt64Array BigUint64Array encodeURIComponent decodeURIComponent URL Intl",
  ].flatMap((names) => names.split(" ")),
);

/** Names of properties by which these lead to something else, or give objects code that no encoding keeps. */
const loudWords =
  /\b(?:constructor|create|fromAsync|definePropert(?:y|ies)|__define[GS]etter__|setPrototypeOf|prepareStackTrace)\b/;

/**
 * Whether code runs only while its caller waits for it: it leaves nothing behind that calls it, or what it calls, later. So it is not
 * asynchronous, makes no objects whose properties are code, and uses no global but those of which that is known.
 *
 * @param captured Free names that it gets as captured values.
 */
export function isQuiet({ node, program, surroundings }: ParsedFunction, captured: readonly string[]): boolean {
  if (loudWords.test(program) || isLoud(node)) return false;
  const known = new Set(captured);
  return [...surroundings.free].every((name) => known.has(name) || quietGlobals.has(name));
}

function isLoud(node: SyntaxNode): boolean {
  switch (node.type) {
    case "AwaitExpression":
    case "ClassDeclaration":
    case "ClassExpression":
    case "ImportExpression":
    case "MetaProperty":
    case "WithStatement":
      return true;
    case "Property":
      if (node["kind"] !== "init") return true;
      break;
    default:
      if (node["async"] === true || node["await"] === true) return true;
  }
  for (const child of childrenOf(node)) if (isLoud(child)) return true;
  return false;
}

/** Whether all code among linked nodes is quiet, and so is what it refers to: no module, and nothing that lasts longer than a task. */
export function areQuiet(nodes: readonly LinkedNode[]): boolean {
  return nodes.every(({ node: { content }, code }) => {
    switch (content.kind) {
      case "function":
        return code?.quiet === true;
      case "global":
        return quietGlobals.has(content.path[0] ?? "");
      case "module":
      case "dynamicImport":
      case "require":
      case "importMeta":
      case "transfer":
      case "nested":
        return false;
      default:
        return true;
    }
  });
}
