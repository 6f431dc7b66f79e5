import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type * as Acorn from "acorn";

let loaded: typeof Acorn | undefined;

/** The parser, loaded when the first function is parsed: executors and most imports of this package never need it. */
export function acorn(): typeof Acorn {
  // A CommonJS bundle has no import.meta.url; acorn then stands beside the program.
  const base =
    (import.meta.url as string | undefined) ?? pathToFileURL(process.argv[1] ?? `${process.cwd()}/main`).href;
  return (loaded ??= createRequire(base)("acorn") as typeof Acorn);
}

/** A node of the syntax tree, seen as a bag of properties. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

/** Whether a property of a syntax node is a syntax node itself. */
export function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && typeof (value as SyntaxNode).type === "string";
}

/** The syntax nodes right below a node, in source order. */
export function* childrenOf(node: SyntaxNode): Generator<SyntaxNode> {
  for (const key in node) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isSyntaxNode(item)) yield item;
    } else if (isSyntaxNode(value)) yield value;
  }
}

/** The names that a declaration's pattern binds. */
export function* patternNames(pattern: SyntaxNode): Generator<string> {
  switch (pattern.type) {
    case "Identifier":
      yield pattern["name"] as string;
      return;
    case "ObjectPattern":
      for (const property of pattern["properties"] as SyntaxNode[]) {
        yield* patternNames((property["value"] ?? property["argument"]) as SyntaxNode);
      }
      return;
    case "ArrayPattern":
      for (const element of pattern["elements"] as (SyntaxNode | null)[]) if (element) yield* patternNames(element);
      return;
    case "AssignmentPattern":
      yield* patternNames(pattern["left"] as SyntaxNode);
      return;
    case "RestElement":
      yield* patternNames(pattern["argument"] as SyntaxNode);
      return;
  }
}
