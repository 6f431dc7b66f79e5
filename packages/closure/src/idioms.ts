import { childrenOf, isSyntaxNode, type SyntaxNode } from "./acorn.ts";
import type { IntrinsicName } from "./intrinsics.ts";

/** An expression that executors have a quicker way for. */
export interface Idiom {
  readonly node: SyntaxNode;
  /** What stands in its place, on one line and where possible as long as the expression was. */
  readonly text: string;
  readonly intrinsic: IntrinsicName;
}

/** Names of the parameters that hold the intrinsics; so short that a call of one is no longer than what it replaces. */
export const intrinsicNames: Readonly<Record<IntrinsicName, string>> = {
  splitText: "$gcut",
  splitNumbers: "$gloam_num",
};

/**
 * Finds the idioms of a function: `text.split(",")`, and `text.split(",").map(Number)` with `Number`, `parseFloat`, or an
 * arrow function that does nothing else. V8 does both in its runtime, at 60 to 110 ns a piece and 150 a number.
 *
 * What the names mean is not looked at: the intrinsic asks at run time whether the text is a string and `Number` the built-in
 * one, and does what the source says where they are not.
 *
 * @param program The text that the node's offsets count in.
 * @param free Free names of the function: one that looks like an intrinsic's keeps its meaning.
 * @param removed Parts that will not be in the code.
 */
export function findIdioms(
  root: SyntaxNode,
  program: string,
  free: ReadonlySet<string>,
  removed: ReadonlySet<SyntaxNode>,
): Idiom[] {
  const found: Idiom[] = [];
  const names = Object.values(intrinsicNames);
  if (names.some((name) => free.has(name))) return found;
  const visit = (node: SyntaxNode): void => {
    if (removed.has(node)) return;
    const idiom = idiomOf(node, program);
    if (idiom === undefined) for (const child of childrenOf(node)) visit(child);
    else found.push(idiom);
  };
  visit(root);
  return found;
}

function idiomOf(node: SyntaxNode, program: string): Idiom | undefined {
  const text = (part: SyntaxNode): string => program.slice(part.start, part.end);
  const split = splitCall(node);
  if (split !== undefined) {
    return {
      node,
      text: `${intrinsicNames.splitText}(${text(split.target)},${text(split.separator)})`,
      intrinsic: "splitText",
    };
  }
  const map = methodCall(node, "map");
  const inner = map && splitCall(map.target);
  const conversion = map && conversionOf(map.parameter);
  if (map === undefined || inner === undefined || conversion === undefined) return undefined;
  const parameters = [text(inner.target), text(inner.separator), text(map.parameter), ...conversion];
  return { node, text: `${intrinsicNames.splitNumbers}(${parameters.join()})`, intrinsic: "splitNumbers" };
}

/** `target.split("c")` with one character that stands for itself, on a target that is simple enough to be moved. */
function splitCall(node: SyntaxNode): { readonly target: SyntaxNode; readonly separator: SyntaxNode } | undefined {
  const call = methodCall(node, "split");
  if (call === undefined || !isPath(call.target)) return undefined;
  const { value } = call.parameter;
  if (call.parameter.type !== "Literal" || typeof value !== "string" || value.length !== 1) return undefined;
  return { target: call.target, separator: call.parameter };
}

/** `target.name(parameter)`, without optional chaining. */
function methodCall(
  node: SyntaxNode,
  name: string,
): { readonly target: SyntaxNode; readonly parameter: SyntaxNode } | undefined {
  if (node.type !== "CallExpression" || node["optional"] === true) return undefined;
  const callee = node["callee"] as SyntaxNode;
  const [parameter, second] = node["arguments"] as SyntaxNode[];
  if (callee.type !== "MemberExpression" || callee["optional"] === true || callee["computed"] === true)
    return undefined;
  if ((callee["property"] as SyntaxNode)["name"] !== name) return undefined;
  if (parameter === undefined || second !== undefined) return undefined;
  return { target: callee["object"] as SyntaxNode, parameter };
}

/** A name, or a property of one by name: nothing that a rewriting may have to look into. */
function isPath(node: SyntaxNode): boolean {
  if (node.type === "Identifier") return true;
  return node.type === "MemberExpression" && node["computed"] !== true && isPath(node["object"] as SyntaxNode);
}

/**
 * How a function that is mapped over pieces converts them: the names that tell the intrinsic, besides the function itself;
 * undefined when it does something else.
 */
function conversionOf(mapped: SyntaxNode): readonly string[] | undefined {
  if (isConversionName(mapped)) return [];
  if (mapped.type !== "ArrowFunctionExpression" || mapped["async"] === true) return undefined;
  const [parameter, second] = mapped["params"] as SyntaxNode[];
  if (parameter?.type !== "Identifier" || second !== undefined) return undefined;
  const isParameter = (node: unknown): boolean =>
    isSyntaxNode(node) && node.type === "Identifier" && node["name"] === parameter["name"];
  const body = mapped["body"] as SyntaxNode;
  if (body.type === "UnaryExpression") {
    return body["operator"] === "+" && isParameter(body["argument"]) ? ["0"] : undefined;
  }
  if (body.type !== "CallExpression" || body["optional"] === true) return undefined;
  const callee = body["callee"] as SyntaxNode;
  const called = body["arguments"] as SyntaxNode[];
  if (!isConversionName(callee) || isParameter(callee) || called.length !== 1 || !isParameter(called[0])) {
    return undefined;
  }
  return [callee["name"] as string];
}

function isConversionName(node: SyntaxNode): boolean {
  return node.type === "Identifier" && (node["name"] === "Number" || node["name"] === "parseFloat");
}
