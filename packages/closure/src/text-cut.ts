import type { SyntaxNode } from "./acorn.ts";

/** What `text.slice(from, to)` gives; without `to` up to the end. */
export interface TextCut {
  readonly from: number;
  readonly to?: number;
}

/** What becomes of a text that is cut into a pair. */
export interface TextCuts {
  readonly key: TextCut;
  readonly value: TextCut;
}

/** The text as it is. */
export const wholeText: TextCut = { from: 0 };

/** The cut in `name.slice(1, 3)`, `name.substring(1, 3)` with integers, or `name` itself; undefined where it is something else. */
export function cutOf(node: SyntaxNode, name: string): TextCut | undefined {
  if (isNamed(node, name)) return wholeText;
  if (node.type !== "CallExpression" || node["optional"] === true) return undefined;
  const callee = node["callee"] as SyntaxNode;
  if (callee.type !== "MemberExpression" || callee["optional"] === true || callee["computed"] === true)
    return undefined;
  if (!isNamed(callee["object"] as SyntaxNode, name)) return undefined;
  const parameters = node["arguments"] as SyntaxNode[];
  const [from = 0, to] = parameters.map(integerOf);
  if (parameters.length > 2 || Number.isNaN(from) || Number.isNaN(to)) return undefined;
  switch ((callee["property"] as SyntaxNode)["name"]) {
    case "slice":
      return { from, ...(to !== undefined && { to }) };
    case "substring": {
      const [a, b] = [Math.max(0, from), to === undefined ? Infinity : Math.max(0, to)];
      return { from: Math.min(a, b), ...(to !== undefined && { to: Math.max(a, b) }) };
    }
    default:
      return undefined;
  }
}

function isNamed(node: SyntaxNode, name: string): boolean {
  return node.type === "Identifier" && node["name"] === name;
}

const greatest = 2 ** 30;

/** The integer that a literal stands for; NaN where it is something else. */
function integerOf(node: SyntaxNode): number {
  if (node.type === "UnaryExpression" && node["operator"] === "-") return 0 - integerOf(node["argument"] as SyntaxNode);
  const value = node.type === "Literal" ? node["value"] : undefined;
  return typeof value === "number" && Number.isInteger(value) && value <= greatest ? value : NaN;
}
