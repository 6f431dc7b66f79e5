import type { SyntaxNode } from "./acorn.ts";

/** A call of a method with one parameter. */
export interface MethodCall {
  readonly target: SyntaxNode;
  readonly parameter: SyntaxNode;
}

/** `target.name(parameter)`, without optional chaining. */
export function methodCall(node: SyntaxNode, name: string): MethodCall | undefined {
  if (node.type !== "CallExpression" || node["optional"] === true) return undefined;
  const callee = node["callee"] as SyntaxNode;
  const [parameter, second] = node["arguments"] as SyntaxNode[];
  if (callee.type !== "MemberExpression" || callee["optional"] === true || callee["computed"] === true)
    return undefined;
  if ((callee["property"] as SyntaxNode)["name"] !== name) return undefined;
  if (parameter === undefined || second !== undefined) return undefined;
  return { target: callee["object"] as SyntaxNode, parameter };
}
