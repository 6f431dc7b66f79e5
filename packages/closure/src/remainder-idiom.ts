import type { SyntaxNode } from "./acorn.ts";
import type { Idiom } from "./idioms.ts";

/**
 * The edits that make a call of the intrinsic of `dividend % 1000003`; none for other nodes. Only a dividend that multiplies may well be
 * beyond 32 bits; of all others V8 knows better.
 *
 * @param name What the intrinsic is called.
 */
export function remainderIdiom(node: SyntaxNode, program: string, name: string): Idiom[] {
  if (node.type !== "BinaryExpression" || node["operator"] !== "%") return [];
  const [left, right] = [node["left"], node["right"]] as [SyntaxNode, SyntaxNode];
  const divisor = right["value"];
  if (right.type !== "Literal" || typeof divisor !== "number") return [];
  if (!Number.isInteger(divisor) || divisor < 2 || divisor > 0x7fffffff || !multiplies(left)) return [];
  // An error in what spans lines would come from the first.
  if (program.slice(node.start, node.end).includes("\n")) return [];
  // A keyword may stand right before the dividend's parenthesis.
  const space = /[\w$]/.test(program[node.start - 1] ?? "") ? " " : "";
  const literal = program.slice(right.start, right.end);
  return [
    { start: node.start, end: left.start, text: `${space}${name}(`, intrinsics: ["remainder"] },
    { start: left.end, end: node.end, text: `,${literal})`, intrinsics: [] },
  ];
}

/** Whether a product is the value, or is added to something. */
function multiplies(node: SyntaxNode): boolean {
  if (node.type !== "BinaryExpression") return false;
  const operator = node["operator"];
  if (operator === "*" || operator === "**") return true;
  if (operator !== "+" && operator !== "-") return false;
  return multiplies(node["left"] as SyntaxNode) || multiplies(node["right"] as SyntaxNode);
}
