import { childrenOf, isSyntaxNode, type SyntaxNode } from "./acorn.ts";
import type { ParsedFunction } from "./parse-function.ts";

/** What a function's code does with the names that it captures, and with its own. Where that is not clear, the worst is said. */
export interface NameUses {
  /** Indices of the captured names that it does nothing with but call them. */
  readonly called: readonly number[];
  /** Whether it may do anything with itself but call itself: by its name, or as `arguments.callee`. */
  readonly reachesItself: boolean;
  /**
   * Whether nothing that it makes reads a captured name when the call has ended: it is neither asynchronous nor a generator, and no function
   * inside it names one. Nor can others get hold of it through `caller`, as of code that is not strict.
   */
  readonly enclosed: boolean;
}

/** Reads the uses from the syntax tree. */
export function nameUses(parsed: ParsedFunction, captured: readonly string[]): NameUses {
  const { callable, isAsync, strict, surroundings } = parsed;
  const mentions = new Mentions();
  for (const child of childrenOf(callable))
    if (child !== callable["id"]) mentions.visit(child, callable.type.startsWith("Class"));
  const id = callable["id"];
  const self = isSyntaxNode(id) ? (id["name"] as string) : undefined;
  const names = self === undefined ? captured : [...captured, self];
  return {
    called: captured.flatMap((name, index) => (mentions.otherUses.has(name) ? [] : [index])),
    reachesItself:
      (self !== undefined && mentions.otherUses.has(self)) || (!strict && mentions.otherUses.has("arguments")),
    enclosed:
      strict &&
      !isAsync &&
      callable["generator"] !== true &&
      !surroundings.free.has("eval") &&
      !names.some((name) => mentions.nested.has(name)),
  };
}

/** Names in a text, whatever they mean there: one that is declared again counts as well. */
class Mentions {
  /** Names that stand for something else than the function of a call. */
  readonly otherUses = new Set<string>();
  /** Names in functions and classes inside the text. */
  readonly nested = new Set<string>();

  visit(node: SyntaxNode, isNested: boolean): void {
    switch (node.type) {
      case "Identifier":
        return this.#mention(node, isNested, false);
      case "CallExpression": {
        const callee = node["callee"] as SyntaxNode;
        if (callee.type === "Identifier" && node["optional"] !== true) this.#mention(callee, isNested, true);
        else this.visit(callee, isNested);
        for (const argument of node["arguments"] as SyntaxNode[]) this.visit(argument, isNested);
        return;
      }
      case "MemberExpression":
        this.visit(node["object"] as SyntaxNode, isNested);
        if (node["computed"] === true) this.visit(node["property"] as SyntaxNode, isNested);
        return;
      case "Property":
      case "MethodDefinition":
      case "PropertyDefinition":
        if (node["computed"] === true) this.visit(node["key"] as SyntaxNode, isNested);
        if (isSyntaxNode(node["value"])) this.visit(node["value"], isNested);
        return;
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
      case "ClassDeclaration":
      case "ClassExpression":
        for (const child of childrenOf(node)) this.visit(child, true);
        return;
      default:
        for (const child of childrenOf(node)) this.visit(child, isNested);
    }
  }

  #mention(node: SyntaxNode, isNested: boolean, isCalled: boolean): void {
    const name = node["name"] as string;
    if (!isCalled) this.otherUses.add(name);
    if (isNested) this.nested.add(name);
  }
}
