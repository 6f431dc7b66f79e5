import { childrenOf, type SyntaxNode } from "./acorn.ts";
import { intrinsicNames, numbersCall } from "./idioms.ts";
import { mayEndNumber } from "./intrinsics.ts";
import { joinedParts, type JoinedPart } from "./joined-parts.ts";
import { methodCall } from "./method-call.ts";
import type { ParsedFunction } from "./parse-function.ts";
import { cutOf, wholeText, type TextCut, type TextCuts } from "./text-cut.ts";

/**
 * What a function does with its only parameter, a text or a list of texts, where that is little enough that it can be done with
 * bytes.
 */
export type TextUse =
  /** Reads it through the intrinsic `splitNumbers` alone; `whole` where it gives these numbers and nothing else. */
  | { readonly kind: "numbers"; readonly whole?: SplitNumbers }
  /** Gives a list of two with it in the first place, and uses it for nothing else. */
  | { readonly kind: "key" }
  /** Gives its pieces, `text.split(separator)`, and nothing else. */
  | { readonly kind: "pieces"; readonly separator: Separator }
  /** Gives a piece of it, `text.slice(1, 3)`, or itself. */
  | { readonly kind: "cut"; readonly cut: TextCut }
  /** Gives a list of two such pieces. */
  | { readonly kind: "cuts"; readonly cuts: TextCuts }
  /** Gives the elements of a list of texts, joined with constants: `pair[0] + ": " + pair[1]`. */
  | { readonly kind: "joined"; readonly parts: readonly JoinedPart[] };

/** `text.split(separator).map(conversion)`, with an ASCII character that can be in no number and ends no line. */
export interface SplitNumbers {
  readonly separator: string;
  readonly conversion: "Number" | "parseFloat";
}

/** A character, or the source of a regular expression without flags. */
export interface Separator {
  readonly pattern: boolean;
  readonly text: string;
}

/** Regular expressions that can be found in bytes. `/\W/` finds some characters twice, once for each of their two units. */
const patterns: ReadonlySet<string> = new Set(["\\s+", "\\s", "\\W+"]);

/**
 * Finds out what a function, with its idioms replaced, does with its parameter; undefined when that may be anything.
 *
 * @param isClosed Whether it captures nothing, so that `Number` is the global one.
 */
export function textUse({ node, idioms, isAsync }: ParsedFunction, isClosed: boolean): TextUse | undefined {
  const isFunction = node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression";
  if (!isFunction || isAsync || node["generator"] === true) return undefined;
  const [parameter, second] = node["params"] as SyntaxNode[];
  if (parameter === undefined || second !== undefined) return undefined;
  const result = resultOf(node["body"] as SyntaxNode);
  const parts = result && joinedParts(parameter, result);
  if (parts !== undefined) return { kind: "joined", parts };
  if (parameter.type !== "Identifier") return undefined;
  const name = parameter["name"] as string;
  const cut = result && (cutUse(result, name) ?? cutsUse(result, name));
  if (cut !== undefined) return cut;
  const references = referencesTo(name, node["body"] as SyntaxNode);
  if (references === undefined || references.length === 0) return undefined;
  const [only, other] = references;
  if (result !== undefined && other === undefined) {
    if (result.type === "ArrayExpression") {
      const elements = result["elements"] as (SyntaxNode | null)[];
      if (elements.length === 2 && elements[0] === only && elements[1]?.type !== "SpreadElement")
        return { kind: "key" };
    }
    const separator = piecesOf(result, name);
    if (separator !== undefined) return { kind: "pieces", separator };
  }
  const conversion = `${intrinsicNames.splitNumbers}(${name},`;
  const numbers = new Set(idioms.filter(({ text }) => text.startsWith(conversion)).map(({ start }) => start));
  if (!references.every(({ start }) => numbers.has(start))) return undefined;
  const whole = isClosed && result !== undefined ? numbersOf(result, name) : undefined;
  return whole === undefined ? { kind: "numbers" } : { kind: "numbers", whole };
}

/** The numbers that an expression gives, where it is `name.split("c").map(Number)` or its like. */
function numbersOf(node: SyntaxNode, name: string): SplitNumbers | undefined {
  const { target, separator, mapped, conversion } = numbersCall(node) ?? {};
  if (target?.type !== "Identifier" || target["name"] !== name) return undefined;
  const character = separator?.["value"] as string;
  if (!mayEndNumber(character.charCodeAt(0)) || character === "\n" || character === "\r") return undefined;
  const called = conversion?.[0] ?? mapped?.["name"];
  return { separator: character, conversion: called === "parseFloat" ? "parseFloat" : "Number" };
}

/** A piece of the text alone. */
function cutUse(result: SyntaxNode, name: string): TextUse | undefined {
  const cut = cutOf(result, name);
  return cut === undefined || cut === wholeText ? undefined : { kind: "cut", cut };
}

/** A pair of pieces of the text, of which one at least is cut out. */
function cutsUse(result: SyntaxNode, name: string): TextUse | undefined {
  if (result.type !== "ArrayExpression") return undefined;
  const [first, second, third] = result["elements"] as (SyntaxNode | null)[];
  if (!first || !second || third !== undefined) return undefined;
  const [key, value] = [cutOf(first, name), cutOf(second, name)];
  if (key === undefined || value === undefined || (key === wholeText && value === wholeText)) return undefined;
  return { kind: "cuts", cuts: { key, value } };
}

/** The expression that a function consists of: its body, or what the only statement there returns. */
function resultOf(body: SyntaxNode): SyntaxNode | undefined {
  if (body.type !== "BlockStatement") return body;
  const [statement, second] = body["body"] as SyntaxNode[];
  if (statement?.type !== "ReturnStatement" || second !== undefined) return undefined;
  return (statement["argument"] as SyntaxNode | null) ?? undefined;
}

/** The separator in `name.split(separator)`. */
function piecesOf(node: SyntaxNode, name: string): Separator | undefined {
  const { target, parameter } = methodCall(node, "split") ?? {};
  if (target?.type !== "Identifier" || target["name"] !== name || parameter?.type !== "Literal") return undefined;
  const { value, regex } = parameter as { value?: unknown; regex?: { pattern: string; flags: string } };
  if (regex !== undefined) {
    return regex.flags === "" && patterns.has(regex.pattern) ? { pattern: true, text: regex.pattern } : undefined;
  }
  const isCharacter = typeof value === "string" && value.length === 1 && value < "\u0080";
  return isCharacter ? { pattern: false, text: value } : undefined;
}

/**
 * Where a name stands for a value; undefined where a function inside might outlive the call, or where the parameter may be
 * reached by other means. A declaration of the same name counts as well: whoever looks at the places then finds one that
 * is none of the known ones.
 */
function referencesTo(name: string, body: SyntaxNode): SyntaxNode[] | undefined {
  const found: SyntaxNode[] = [];
  let isOpen = false;
  const visit = (node: SyntaxNode, inner: boolean): void => {
    if (node.type === "Identifier") {
      if (node["name"] === "arguments" || node["name"] === "eval") isOpen = true;
      if (node["name"] !== name) return;
      if (inner) isOpen = true;
      found.push(node);
      return;
    }
    if (node.type === "WithStatement") isOpen = true;
    const isInner = inner || /Function|Class/.test(node.type);
    for (const child of childrenOf(node)) {
      const isName =
        (node.type === "MemberExpression" && child === node["property"] && node["computed"] !== true) ||
        (node.type === "Property" && child === node["key"] && node["computed"] !== true && node["shorthand"] !== true);
      if (!isName) visit(child, isInner);
    }
  };
  visit(body, false);
  return isOpen ? undefined : found;
}
