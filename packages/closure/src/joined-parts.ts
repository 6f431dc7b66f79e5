import type { SyntaxNode } from "./acorn.ts";

/** A constant, or the number of the element of a list. */
export type JoinedPart = string | number;

// What a program may have replaced, as it was.
const join: unknown = Reflect.get(Array.prototype, "join");
const iterate: unknown = Reflect.get(Array.prototype, Symbol.iterator);

/** Whether lists are joined and taken apart as they were when this program began. */
export function joinsAsEver(): boolean {
  return Array.prototype.join === join && Array.prototype[Symbol.iterator] === iterate;
}

/**
 * What a function joins of the elements of its parameter, a list of texts: for ``([key, value]) => `${key}: ${value}` `` those are
 * 0, ": " and 1. Also `key + ": " + value`, `pair[0]`, `[key, value].join(" ")`. Undefined where it does anything else.
 *
 * @param result The expression that the function gives.
 */
export function joinedParts(parameter: SyntaxNode, result: SyntaxNode): readonly JoinedPart[] | undefined {
  const elementOf = elementsOf(parameter);
  const parts = elementOf && partsOf(result, elementOf);
  if (parts === undefined || !parts.some((part) => typeof part === "number")) return undefined;
  const joined: JoinedPart[] = [];
  for (const part of parts) {
    const last = joined.length - 1;
    const before = joined[last];
    if (typeof part === "string" && typeof before === "string") joined[last] = before + part;
    else if (part !== "") joined.push(part);
  }
  // What UTF-8 cannot say could become a character together with its neighbour.
  return joined.every((part) => typeof part === "number" || part.isWellFormed()) ? joined : undefined;
}

/** Which element of the list a node stands for. */
type ElementOf = (node: SyntaxNode) => number | undefined;

function elementsOf(parameter: SyntaxNode): ElementOf | undefined {
  if (parameter.type === "Identifier") {
    return (node) => {
      if (node.type !== "MemberExpression" || node["computed"] !== true || node["optional"] === true) return undefined;
      const [object, property] = [node["object"] as SyntaxNode, node["property"] as SyntaxNode];
      if (object.type !== "Identifier" || object["name"] !== parameter["name"]) return undefined;
      const index = property.type === "Literal" ? property["value"] : undefined;
      return typeof index === "number" && Number.isInteger(index) && index >= 0 ? index : undefined;
    };
  }
  if (parameter.type !== "ArrayPattern") return undefined;
  const elements = parameter["elements"] as (SyntaxNode | null)[];
  if (elements.some((element) => element !== null && element.type !== "Identifier")) return undefined;
  const names = elements.map((element) => element?.["name"]);
  return (node) => {
    const index = node.type === "Identifier" ? names.indexOf(node["name"]) : -1;
    return index < 0 ? undefined : index;
  };
}

function partsOf(node: SyntaxNode, elementOf: ElementOf): readonly JoinedPart[] | undefined {
  const element = elementOf(node);
  if (element !== undefined) return [element];
  switch (node.type) {
    case "Literal":
      return typeof node["value"] === "string" ? [node["value"]] : undefined;
    case "TemplateLiteral": {
      const texts = node["quasis"] as SyntaxNode[];
      const expressions = node["expressions"] as SyntaxNode[];
      return flat(
        texts.flatMap((text, index) => {
          const constant = [(text["value"] as { readonly cooked: string }).cooked];
          const expression = expressions[index];
          return expression === undefined ? [constant] : [constant, partsOf(expression, elementOf)];
        }),
      );
    }
    case "BinaryExpression":
      if (node["operator"] !== "+") return undefined;
      return flat([node["left"], node["right"]].map((side) => partsOf(side as SyntaxNode, elementOf)));
    case "CallExpression":
      return joinedList(node, elementOf);
    default:
      return undefined;
  }
}

/** The parts of `[a, b].join("separator")`. */
function joinedList(node: SyntaxNode, elementOf: ElementOf): readonly JoinedPart[] | undefined {
  const callee = node["callee"] as SyntaxNode;
  if (callee.type !== "MemberExpression" || callee["computed"] === true) return undefined;
  const list = callee["object"] as SyntaxNode;
  if ((callee["property"] as SyntaxNode)["name"] !== "join" || list.type !== "ArrayExpression") return undefined;
  const [separator, second] = node["arguments"] as SyntaxNode[];
  const between = separator === undefined ? "," : separator.type === "Literal" ? separator["value"] : undefined;
  if (typeof between !== "string" || second !== undefined) return undefined;
  const elements = list["elements"] as (SyntaxNode | null)[];
  return flat(
    elements.flatMap((element, index) => {
      const parts = element === null ? undefined : partsOf(element, elementOf);
      return index === 0 ? [parts] : [[between], parts];
    }),
  );
}

function flat(lists: readonly (readonly JoinedPart[] | undefined)[]): readonly JoinedPart[] | undefined {
  const parts: JoinedPart[] = [];
  for (const list of lists) {
    if (list === undefined) return undefined;
    parts.push(...list);
  }
  return parts;
}
