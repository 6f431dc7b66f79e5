import { childrenOf, patternNames, type SyntaxNode } from "./acorn.ts";
import type { Idiom } from "./idioms.ts";
import type { ParsedFunction } from "./parse-function.ts";

/** Turns of a loop that are written out before the one that stands in the source. */
const copies = 3;
/** Longer bodies gain nothing, and fill what V8 inlines. */
const longestBody = 60;
/** What begins the names of saved variables; a program that has it in its text is left alone. */
const savedName = "$gu";

type Source = Pick<ParsedFunction, "program" | "tokens" | "semicolons" | "surroundings" | "removed">;

/** The parts of `for (let i = 0; test; update) body`. */
interface CountingLoop {
  readonly test: SyntaxNode;
  readonly update: SyntaxNode;
  readonly body: SyntaxNode;
}

/**
 * The edits that write out three turns of innermost counting loops, such as `for (let j = 0; j < a.length; j++) sum += a[j] * b[j];`.
 * V8 unrolls no loops, and a turn of its own costs as much as a short body does.
 *
 * Each turn is preceded by its test, so nothing happens that would not in the source. Where a turn throws, the variables get the
 * values back that they had before it and its companions, and the source's own body does them again, one by one: so errors come from
 * the user's line. That is why only bodies are taken that change nothing but variables.
 *
 * @param root The node below which loops are looked for.
 */
export function unrolledLoops(
  root: SyntaxNode,
  { program, tokens, semicolons, surroundings, removed }: Source,
): Idiom[] {
  const found: Idiom[] = [];
  if (program.includes(savedName)) return found;
  const text = ({ start, end }: SyntaxNode): string => {
    const inside = tokens.filter((token) => token.start >= start && token.end <= end);
    return inside
      .map((token) => program.slice(token.start, token.end) + (semicolons.has(token.end) ? ";" : ""))
      .join(" ");
  };
  const visit = (node: SyntaxNode): void => {
    if (removed.has(node)) return;
    const loop = countingLoop(node);
    // Another `Math` than the built-in one may do anything.
    const isOdd = !surroundings.free.has("Math") && program.slice(node.start, node.end).includes("Math");
    if (loop === undefined || isOdd) {
      for (const child of childrenOf(node)) visit(child);
      return;
    }
    // A variable from around the function may not exist, or be constant; one that comes later may have no value yet.
    const isKnown = (name: string): boolean =>
      !surroundings.free.has(name) &&
      tokens.some(({ start, end }) => start < loop.body.start && program.slice(start, end) === name);
    found.push(...edits(loop, text, semicolons, isKnown));
  };
  visit(root);
  return found;
}

function edits(
  { test, update, body }: CountingLoop,
  text: (node: SyntaxNode) => string,
  semicolons: ReadonlySet<number>,
  isKnown: (name: string) => boolean,
): Idiom[] {
  const names = [...new Set([body, test, update].flatMap((node) => [...assignedNames(node)]))];
  const isBlock = body.type === "BlockStatement";
  const copy = isBlock ? text(body) : `{ ${text(body)} }`;
  const isLong = copy.split(" ").length > longestBody;
  if (isLong || !names.every(isKnown) || (!isBlock && semicolons.has(body.end))) return [];
  const saved = names.map((name, at) => `${savedName}${at} = ${name}`).join(", ");
  const restored = names.map((name, at) => `${name} = ${savedName}${at};`).join(" ");
  const turns = `${copy} ${text(update)}; if (!(${text(test)})) break; `.repeat(copies);
  const before = `{ const ${saved}; try { ${turns}} catch { ${restored} } `;
  const edit = (start: number, end: number, replacement: string): Idiom => {
    return { start, end, text: replacement, intrinsics: [] };
  };
  const first = isBlock ? edit(body.start, body.start + 1, `${before}{`) : edit(body.start, body.start, before);
  return [first, edit(body.end, body.end, " }")];
}

function countingLoop(node: SyntaxNode): CountingLoop | undefined {
  if (node.type !== "ForStatement") return undefined;
  const { init, test, update, body } = node as unknown as Record<string, SyntaxNode | null>;
  if (!init || !test || !update || !body || test.type !== "BinaryExpression") return undefined;
  if (init.type !== "VariableDeclaration" || init["kind"] !== "let") return undefined;
  // A function in any of these could see each turn's own variable.
  const initials = (init["declarations"] as SyntaxNode[]).map(
    (declaration) => declaration["init"] as SyntaxNode | null,
  );
  if (!initials.every((initial) => initial !== null && isPlain(initial)) || !isPlain(test)) return undefined;
  const counters = new Set(
    (init["declarations"] as SyntaxNode[]).flatMap(({ id }) => [...patternNames(id as SyntaxNode)]),
  );
  const [counter] = assignedNames(update);
  if (counter === undefined || !counters.has(counter) || !isPlain(update)) return undefined;
  const statements = body.type === "BlockStatement" ? (body["body"] as SyntaxNode[]) : [body];
  return statements.length > 0 && statements.every(isPlain) ? { test, update, body } : undefined;
}

/** Expressions and statements that may be done again: they read, compute, and assign to variables. */
const plainTypes = new Set([
  "AssignmentExpression",
  "BinaryExpression",
  "BlockStatement",
  "ConditionalExpression",
  "ExpressionStatement",
  "Identifier",
  "IfStatement",
  "Literal",
  "LogicalExpression",
  "MemberExpression",
  "ThisExpression",
  "UnaryExpression",
  "UpdateExpression",
  "VariableDeclaration",
  "VariableDeclarator",
]);

function isPlain(node: SyntaxNode): boolean {
  if (isMathCall(node)) return (node["arguments"] as SyntaxNode[]).every(isPlain);
  if (!plainTypes.has(node.type)) return false;
  if (node.type === "UnaryExpression" && node["operator"] === "delete") return false;
  if (node.type === "Literal" && node["regex"] !== undefined) return false;
  if (node.type === "VariableDeclaration" && node["kind"] === "var") return false;
  // What a body declares, it declares for all of itself: a name means one thing in it.
  if (node.type === "BlockStatement" && (node["body"] as SyntaxNode[]).some(isDeclaration)) return false;
  const target = node.type === "AssignmentExpression" ? node["left"] : node["argument"];
  const assigns = node.type === "AssignmentExpression" || node.type === "UpdateExpression";
  if (assigns && (target as SyntaxNode).type !== "Identifier") return false;
  for (const child of childrenOf(node)) if (!isPlain(child)) return false;
  return true;
}

function isDeclaration(node: SyntaxNode): boolean {
  return node.type === "VariableDeclaration";
}

/** `Math.abs(x)` and its like, which give the same however often they are called. */
function isMathCall(node: SyntaxNode): boolean {
  if (node.type !== "CallExpression" || node["optional"] === true) return false;
  const callee = node["callee"] as SyntaxNode;
  if (callee.type !== "MemberExpression" || callee["computed"] === true || callee["optional"] === true) return false;
  const [object, property] = [callee["object"], callee["property"]] as [SyntaxNode, SyntaxNode];
  return object["name"] === "Math" && property["name"] !== "random";
}

/** Variables that plain code assigns to, but those that it declares itself. */
function assignedNames(root: SyntaxNode): Set<string> {
  const assigned = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: SyntaxNode): void => {
    if (node.type === "AssignmentExpression") assigned.add((node["left"] as SyntaxNode)["name"] as string);
    if (node.type === "UpdateExpression") assigned.add((node["argument"] as SyntaxNode)["name"] as string);
    if (node.type === "VariableDeclarator")
      for (const name of patternNames(node["id"] as SyntaxNode)) declared.add(name);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(root);
  for (const name of declared) assigned.delete(name);
  return assigned;
}
