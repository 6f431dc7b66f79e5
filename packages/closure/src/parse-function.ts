import type { Token } from "acorn";
import { acorn, isSyntaxNode, type SyntaxNode } from "./acorn.ts";
import { findIdioms, type Idiom } from "./idioms.ts";
import { surroundingsOf, type Surroundings } from "./free-names.ts";
import { unrolledLoops } from "./unrolled-loops.ts";

/** A function's text, understood. Offsets of nodes and tokens are those of `program`. */
export interface ParsedFunction {
  /** `expression` for functions and arrow functions; methods and accessors can only stand in an object or class. */
  readonly form: "expression" | "class" | "method" | "getter" | "setter";
  /** The parsed program: a prefix, the function's text, a suffix. */
  readonly program: string;
  /** Where the function's text begins in the program. */
  readonly begin: number;
  readonly end: number;
  /** The function, class, or property (method) node. */
  readonly node: SyntaxNode;
  /** The function or class itself: what a method's or accessor's node has for its value. */
  readonly callable: SyntaxNode;
  readonly tokens: readonly Token[];
  /** Ends of tokens behind which a statement ends without a semicolon. */
  readonly semicolons: ReadonlySet<number>;
  readonly surroundings: Surroundings;
  /** Parts of a class that executors must not evaluate: its heritage, static blocks, initializers of public static fields. */
  readonly removed: ReadonlySet<SyntaxNode>;
  /** False for code that only sloppy mode accepts. */
  readonly strict: boolean;
  /** Expressions and loops that executors have a quicker way for. */
  readonly idioms: readonly Idiom[];
  readonly isAsync: boolean;
  readonly isArrow: boolean;
}

const wraps = [
  ["(", ")"],
  ["({", "})"],
  ["(class{", "})"],
] as const;

/** Parses what `Function.prototype.toString` gives; undefined when it is not JavaScript that can stand alone. */
export function parseFunction(text: string): ParsedFunction | undefined {
  for (const sourceType of ["module", "script"] as const) {
    for (const [prefix, suffix] of wraps) {
      const program = prefix + text + suffix;
      const tokens: Token[] = [];
      const semicolons = new Set<number>();
      try {
        const tree = acorn().parse(program, {
          ecmaVersion: "latest",
          sourceType,
          onToken: tokens,
          onInsertedSemicolon: (end) => void semicolons.add(end),
          allowSuperOutsideMethod: true,
        });
        const read = { program, tokens, semicolons, strict: sourceType === "module" };
        return understand(tree as unknown as SyntaxNode, prefix.length, suffix.length, read);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    }
  }
  return undefined;
}

function understand(
  tree: SyntaxNode,
  prefix: number,
  suffix: number,
  read: Pick<ParsedFunction, "program" | "tokens" | "semicolons" | "strict">,
): ParsedFunction | undefined {
  const { program } = read;
  const statement = (tree["body"] as SyntaxNode[])[0] as SyntaxNode;
  const outer = statement["expression"] as SyntaxNode;
  let node = outer;
  let form: ParsedFunction["form"] = outer.type === "ClassExpression" ? "class" : "expression";
  if (prefix > 1) {
    const members = (outer["properties"] ?? (outer["body"] as SyntaxNode)["body"]) as SyntaxNode[];
    if (members.length !== 1) return undefined;
    node = members[0] as SyntaxNode;
    const kind = node["kind"];
    form = kind === "get" ? "getter" : kind === "set" ? "setter" : "method";
  }
  const callable = form === "expression" || form === "class" ? node : (node["value"] as SyntaxNode);
  const removed = new Set(form === "class" ? classParts(node) : []);
  const surroundings = surroundingsOf(callable, removed);
  return {
    ...read,
    form,
    begin: prefix,
    end: program.length - suffix,
    node,
    callable,
    surroundings,
    removed,
    // In this order: a loop's closing brace stands before what is inserted behind the loop.
    idioms: [...unrolledLoops(node, { ...read, surroundings, removed }), ...findIdioms(node, program, removed)],
    isAsync: callable["async"] === true,
    isArrow: callable.type === "ArrowFunctionExpression",
  };
}

/** The live values of these parts travel instead. Private static fields keep their initializers: nobody can read their values. */
function* classParts(node: SyntaxNode): Generator<SyntaxNode> {
  const heritage = node["superClass"];
  if (isSyntaxNode(heritage) && heritage.type !== "Literal") yield heritage;
  for (const member of (node["body"] as SyntaxNode)["body"] as SyntaxNode[]) {
    if (member.type === "StaticBlock") yield member;
    if (member.type !== "PropertyDefinition" || member["static"] !== true) continue;
    const isPrivate = (member["key"] as SyntaxNode).type === "PrivateIdentifier";
    if (!isPrivate && isSyntaxNode(member["value"])) yield member["value"];
  }
}
