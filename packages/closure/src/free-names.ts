import { childrenOf, isSyntaxNode, patternNames, type SyntaxNode } from "./acorn.ts";

/** What a function takes from its surroundings. Positions are offsets into the parsed text. */
export interface Surroundings {
  /** Names that the text uses and does not bind, in order of first use. */
  readonly free: ReadonlySet<string>;
  /** Those among them that it assigns to. */
  readonly assigned: ReadonlySet<string>;
  /** Uses `this` where its callers decide what it is. */
  readonly ownThis: boolean;
  /** An arrow function that uses `this`, `arguments`, `super` or `new.target` of what surrounds it: which of them. */
  readonly lexical: string | undefined;
  /** A method that uses `super`. */
  readonly superUse: boolean;
  /** Ranges of `import.meta`, and of the keyword of `import()`. */
  readonly importMetas: readonly SyntaxNode[];
  readonly dynamicImports: readonly SyntaxNode[];
}

interface Scope {
  readonly names: Set<string>;
  readonly parent: Scope | undefined;
}

/** Who decides about `this` and its kin at a place in the text. */
interface Owner {
  /** The function itself, a function or class inside it, or what surrounds an arrow function. */
  readonly who: "root" | "inner" | "outside";
}

/**
 * Finds the free names of a function or class expression, with the scoping rules of ECMAScript: hoisted `var` and function
 * declarations, block scopes, parameters seen from default values, catch bindings, class and function names.
 *
 * @param removed Parts that will not be in the code, so that what they use does not count.
 */
export function surroundingsOf(root: SyntaxNode, removed: ReadonlySet<SyntaxNode>): Surroundings {
  const finder = new Finder(removed);
  finder.expression(root, undefined, { who: root.type === "ArrowFunctionExpression" ? "outside" : "root" });
  return finder;
}

class Finder implements Surroundings {
  readonly free = new Set<string>();
  readonly assigned = new Set<string>();
  readonly importMetas: SyntaxNode[] = [];
  readonly dynamicImports: SyntaxNode[] = [];
  ownThis = false;
  superUse = false;
  lexical: string | undefined;
  readonly #removed: ReadonlySet<SyntaxNode>;

  constructor(removed: ReadonlySet<SyntaxNode>) {
    this.#removed = removed;
  }

  expression(node: SyntaxNode, scope: Scope | undefined, owner: Owner): void {
    if (this.#removed.has(node)) return;
    switch (node.type) {
      case "Identifier":
        return this.#reference(node["name"] as string, scope, owner);
      case "ThisExpression":
        return this.#ownersThing("this", owner);
      case "Super":
        return this.#ownersThing("super", owner);
      case "MetaProperty":
        if ((node["meta"] as SyntaxNode)["name"] === "import") this.importMetas.push(node);
        else this.#ownersThing("new.target", owner);
        return;
      case "ImportExpression":
        this.dynamicImports.push(node);
        return this.#children(node, scope, owner);
      case "MemberExpression":
        this.expression(node["object"] as SyntaxNode, scope, owner);
        if (node["computed"] === true) this.expression(node["property"] as SyntaxNode, scope, owner);
        return;
      case "Property":
        return this.#keyed(node, scope, owner, owner);
      case "LabeledStatement":
        return this.expression(node["body"] as SyntaxNode, scope, owner);
      case "BreakStatement":
      case "ContinueStatement":
        return;
      case "AssignmentExpression":
        this.#assign(node["left"] as SyntaxNode, scope);
        return this.#children(node, scope, owner);
      case "UpdateExpression":
        this.#assign(node["argument"] as SyntaxNode, scope);
        return this.#children(node, scope, owner);
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return this.#function(node, scope, owner);
      case "ClassDeclaration":
      case "ClassExpression":
        return this.#class(node, scope, owner);
      case "BlockStatement":
        return this.#block(node["body"] as SyntaxNode[], node, scope, owner);
      case "SwitchStatement": {
        this.expression(node["discriminant"] as SyntaxNode, scope, owner);
        const cases = node["cases"] as SyntaxNode[];
        const statements = cases.flatMap((one) => one["consequent"] as SyntaxNode[]);
        const inner = { names: new Set(lexicalNames(statements)), parent: scope };
        for (const one of cases) this.#children(one, inner, owner);
        return;
      }
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement":
        return this.#loop(node, scope, owner);
      case "CatchClause": {
        const parameter = node["param"] as SyntaxNode | null;
        const inner = { names: new Set(parameter ? patternNames(parameter) : []), parent: scope };
        return this.#children(node, inner, owner);
      }
      default:
        return this.#children(node, scope, owner);
    }
  }

  #children(node: SyntaxNode, scope: Scope | undefined, owner: Owner): void {
    for (const child of childrenOf(node)) this.expression(child, scope, owner);
  }

  #reference(name: string, scope: Scope | undefined, owner: Owner): void {
    if (isBound(name, scope)) return;
    if (name !== "arguments") this.free.add(name);
    else if (owner.who !== "inner") this.#ownersThing("arguments", owner);
  }

  #assign(target: SyntaxNode, scope: Scope | undefined): void {
    for (const name of patternNames(target)) if (!isBound(name, scope)) this.assigned.add(name);
  }

  #ownersThing(what: string, owner: Owner): void {
    if (owner.who === "outside") this.lexical ??= what;
    if (owner.who !== "root") return;
    if (what === "this") this.ownThis = true;
    if (what === "super") this.superUse = true;
  }

  #keyed(node: SyntaxNode, scope: Scope | undefined, keyOwner: Owner, valueOwner: Owner): void {
    if (node["computed"] === true) this.expression(node["key"] as SyntaxNode, scope, keyOwner);
    const value = node["value"];
    if (isSyntaxNode(value)) this.expression(value, scope, valueOwner);
  }

  #function(node: SyntaxNode, scope: Scope | undefined, owner: Owner): void {
    const isArrow = node.type === "ArrowFunctionExpression";
    const inner: Owner = isArrow || scope === undefined ? owner : { who: "inner" };
    const names = new Set<string>();
    const id = node["id"] as SyntaxNode | null | undefined;
    if (id && node.type === "FunctionExpression") names.add(id["name"] as string);
    if (!isArrow) names.add("arguments");
    const parameters = node["params"] as SyntaxNode[];
    for (const parameter of parameters) for (const name of patternNames(parameter)) names.add(name);
    const parameterScope = { names, parent: scope };
    for (const parameter of parameters) this.expression(parameter, parameterScope, inner);
    const body = node["body"] as SyntaxNode;
    if (body.type !== "BlockStatement") return this.expression(body, parameterScope, inner);
    this.#body(body["body"] as SyntaxNode[], parameterScope, inner);
  }

  #body(statements: SyntaxNode[], scope: Scope | undefined, owner: Owner): void {
    const names = new Set([...lexicalNames(statements), ...hoistedNames(statements)]);
    const inner = { names, parent: scope };
    for (const statement of statements) this.expression(statement, inner, owner);
  }

  #block(statements: SyntaxNode[], node: SyntaxNode, scope: Scope | undefined, owner: Owner): void {
    const inner = { names: new Set(lexicalNames(statements)), parent: scope };
    this.#children(node, inner, owner);
  }

  #loop(node: SyntaxNode, scope: Scope | undefined, owner: Owner): void {
    const head = (node["init"] ?? node["left"]) as SyntaxNode | null;
    const inner = { names: new Set(head ? lexicalNames([head]) : []), parent: scope };
    if (node.type !== "ForStatement" && head && head.type !== "VariableDeclaration") this.#assign(head, inner);
    this.#children(node, inner, owner);
  }

  #class(node: SyntaxNode, scope: Scope | undefined, owner: Owner): void {
    const id = node["id"] as SyntaxNode | null;
    const inner = { names: new Set(id ? [id["name"] as string] : []), parent: scope };
    const heritage = node["superClass"];
    if (isSyntaxNode(heritage)) this.expression(heritage, inner, owner);
    const member: Owner = { who: "inner" };
    for (const part of (node["body"] as SyntaxNode)["body"] as SyntaxNode[]) {
      if (this.#removed.has(part)) continue;
      if (part.type === "StaticBlock") this.#body(part["body"] as SyntaxNode[], inner, member);
      else this.#keyed(part, inner, owner, member);
    }
  }
}

function isBound(name: string, scope: Scope | undefined): boolean {
  for (let at = scope; at !== undefined; at = at.parent) if (at.names.has(name)) return true;
  return false;
}

/** Names that `let`, `const`, `class` and function declarations bind right in a list of statements. */
function* lexicalNames(statements: readonly SyntaxNode[]): Generator<string> {
  for (const statement of statements) {
    if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") {
      yield (statement["id"] as SyntaxNode)["name"] as string;
    } else if (statement.type === "VariableDeclaration" && statement["kind"] !== "var") yield* declaredNames(statement);
  }
}

/** Names that `var` binds anywhere in a function's body, functions inside it excluded. */
function* hoistedNames(nodes: Iterable<SyntaxNode>): Generator<string> {
  for (const node of nodes) {
    if (/Function|^Class|^MethodDefinition|^PropertyDefinition/.test(node.type)) continue;
    if (node.type === "VariableDeclaration" && node["kind"] === "var") yield* declaredNames(node);
    yield* hoistedNames(childrenOf(node));
  }
}

function* declaredNames(declaration: SyntaxNode): Generator<string> {
  for (const one of declaration["declarations"] as SyntaxNode[]) yield* patternNames(one["id"] as SyntaxNode);
}
