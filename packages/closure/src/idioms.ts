import { childrenOf, isSyntaxNode, type SyntaxNode } from "./acorn.ts";
import type { IntrinsicName } from "./intrinsics.ts";
import { methodCall, type MethodCall } from "./method-call.ts";
import { remainderIdiom } from "./remainder-idiom.ts";

/** An expression that executors have a quicker way for. */
export interface Idiom {
  /** What is replaced: the expression, or a part of it; the text is inserted where there is nothing. */
  readonly start: number;
  readonly end: number;
  /** What stands in its place, where possible as long as what was there. */
  readonly text: string;
  /** What it calls. */
  readonly intrinsics: readonly IntrinsicName[];
}

/** Names of the parameters that hold the intrinsics; so short that a call of one is no longer than what it replaces. */
export const intrinsicNames: Readonly<Record<IntrinsicName, string>> = {
  splitText: "$gcut",
  splitNumbers: "$gloam_num",
  mapArray: "$gm",
  remainder: "$gq",
};

/**
 * Finds the idioms of a function: `text.split(",")`, and `text.split(",").map(Number)` with `Number`, `parseFloat`, or an
 * arrow function that does nothing else; `array.map((value) => ...)`; and `a * b % 1000003`, see `remainderIdiom`. V8 does the first
 * two in its runtime, at 60 to 110 ns a piece and 150 a number, and makes two arrays for the third where the results are floats.
 *
 * What the names mean is not looked at: the intrinsic asks at run time whether the text is a string, the array an array and
 * `Number` the built-in one, and does what the source says where they are not.
 *
 * @param program The text that the node's offsets count in. One that has an intrinsic's name in it is left alone.
 * @param removed Parts that will not be in the code.
 */
export function findIdioms(root: SyntaxNode, program: string, removed: ReadonlySet<SyntaxNode>): Idiom[] {
  const found: Idiom[] = [];
  if (Object.values(intrinsicNames).some((name) => program.includes(name))) return found;
  const visit = (node: SyntaxNode): void => {
    if (removed.has(node)) return;
    found.push(...remainderIdiom(node, program, intrinsicNames.remainder));
    const idiom = idiomOf(node, program);
    if (idiom !== undefined) found.push(idiom);
    // What stands behind the replaced part may have idioms of its own.
    const end = idiom?.end ?? node.start;
    for (const child of childrenOf(node)) if (child.start >= end) visit(child);
  };
  visit(root);
  return found;
}

function idiomOf(node: SyntaxNode, program: string): Idiom | undefined {
  // A keyword may stand right before the parenthesis.
  if (program[node.start] === "(") return undefined;
  const text = (part: SyntaxNode): string => program.slice(part.start, part.end);
  const whole = (intrinsic: IntrinsicName, parameters: readonly string[]): Idiom => {
    const call = `${intrinsicNames[intrinsic]}(${parameters.join()})`;
    return { start: node.start, end: node.end, text: call, intrinsics: [intrinsic] };
  };
  const split = splitCall(node);
  if (split !== undefined) return whole("splitText", [text(split.target), text(split.separator)]);
  const map = methodCall(node, "map");
  if (map === undefined) return undefined;
  const numbers = numbersCall(node);
  if (numbers !== undefined) {
    const { target, separator, mapped, conversion } = numbers;
    return whole("splitNumbers", [text(target), text(separator), text(mapped), ...conversion]);
  }
  return arrayMap(node, map, program);
}

/** `target.split("c").map(mapped)`, where a known conversion is mapped. */
export interface NumbersCall {
  readonly target: SyntaxNode;
  readonly separator: SyntaxNode;
  readonly mapped: SyntaxNode;
  /** What tells the intrinsic how an arrow function converts: nothing where the conversion itself is mapped, "0" for unary plus. */
  readonly conversion: readonly string[];
}

/** The parts of an expression that splits a text into numbers; undefined for any other. */
export function numbersCall(node: SyntaxNode): NumbersCall | undefined {
  const map = methodCall(node, "map");
  const inner = map && splitCall(map.target);
  const conversion = map && conversionOf(map.parameter);
  if (map === undefined || inner === undefined || conversion === undefined) return undefined;
  return { ...inner, mapped: map.parameter, conversion };
}

/** Of `array.map((value) => ...)` what stands before the function, which stays where it is. */
function arrayMap(node: SyntaxNode, { target, parameter }: MethodCall, program: string): Idiom | undefined {
  if (parameter.type !== "ArrowFunctionExpression") return undefined;
  const split = idiomOf(target, program);
  const isSplit = split?.intrinsics[0] === "splitText";
  const between = program.slice((node["callee"] as SyntaxNode).end, parameter.start);
  if ((!isSplit && !isPath(target)) || between.trim() !== "(") return undefined;
  const array = isSplit ? split.text : program.slice(target.start, target.end);
  return {
    start: node.start,
    end: parameter.start,
    text: `${intrinsicNames.mapArray}(${array},`,
    intrinsics: isSplit ? ["mapArray", "splitText"] : ["mapArray"],
  };
}

/** `target.split("c")` with one character that stands for itself, on a target that is simple enough to be moved. */
function splitCall(node: SyntaxNode): { readonly target: SyntaxNode; readonly separator: SyntaxNode } | undefined {
  const call = methodCall(node, "split");
  if (call === undefined || !isPath(call.target)) return undefined;
  const { value } = call.parameter;
  if (call.parameter.type !== "Literal" || typeof value !== "string" || value.length !== 1) return undefined;
  return { target: call.target, separator: call.parameter };
}

/** A name, or a property of one by name: nothing that a rewriting may have to look into, or that may end a chain early. */
function isPath(node: SyntaxNode): boolean {
  if (node.type === "Identifier") return true;
  const isProperty = node.type === "MemberExpression" && node["computed"] !== true && node["optional"] !== true;
  return isProperty && isPath(node["object"] as SyntaxNode);
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
