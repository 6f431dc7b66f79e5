import { acorn, childrenOf, isSyntaxNode, patternNames, type SyntaxNode } from "./acorn.ts";

/** What a name stands for that a script imports. */
export interface ImportBinding {
  readonly specifier: string;
  /** Way from the module's value to the name's: empty for a namespace. */
  readonly path: readonly string[];
  /** `vite` names are resolved already, as vite writes them. */
  readonly style: "esm" | "commonjs" | "vite";
}

/** What a script imports, exports and declares at its top. */
export interface ScriptBindings {
  readonly imports: ReadonlyMap<string, ImportBinding>;
  /** Exported name by local name. */
  readonly exports: ReadonlyMap<string, string>;
  /** Local name (`*default*` for an anonymous default export) by the offset where its function or class begins. */
  readonly functions: ReadonlyMap<number, string>;
  /** Every declaration of a name anywhere in the script, by name: offsets. For messages. */
  declarationsOf(name: string): readonly { readonly offset: number; readonly begin: number; readonly end: number }[];
}

/** The name under which an anonymous default export is kept. */
const anonymousDefault = "*default*";

/** Whether a script may import a name at all. Where it doesn't, there is no need to parse it: a bundle may be large. */
export function mayImport(source: string, name: string): boolean {
  const escaped = name.replaceAll("$", "\\$");
  return (
    new RegExp(`\\bimport\\b[^'"();]*(?<![\\w$])${escaped}(?![\\w$])`).test(source) ||
    /\brequire\(|__vite_ssr_import__\(/.test(source)
  );
}

/** Understands a script: an ES module, CommonJS, or the function that vite's module runner wraps around a module. */
export function bindingsOf(source: string): ScriptBindings {
  const tree = parseScript(source);
  const reader = new BindingReader();
  if (tree !== undefined) for (const statement of moduleBody(tree)) reader.statement(statement);
  return {
    imports: reader.imports,
    exports: reader.exports,
    functions: reader.functions,
    declarationsOf: (name) => (tree === undefined ? [] : [...declarations(tree, name, tree)]),
  };
}

function parseScript(source: string): SyntaxNode | undefined {
  for (const sourceType of ["module", "script"] as const) {
    try {
      const options = {
        ecmaVersion: "latest",
        sourceType,
        allowReturnOutsideFunction: true,
        allowHashBang: true,
      } as const;
      return acorn().parse(source, options) as unknown as SyntaxNode;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

/**
 * The statements of the module itself, which vite's runner puts into the blocks of an async arrow function, and tsx, for
 * CommonJS, into an arrow function that is called at once.
 */
function moduleBody(tree: SyntaxNode): SyntaxNode[] {
  const statements = tree["body"] as SyntaxNode[];
  const last = statements.at(-1);
  if (last?.type !== "ExpressionStatement") return statements;
  const expression = last["expression"] as SyntaxNode;
  const isCalled = expression.type === "CallExpression" && (expression["arguments"] as SyntaxNode[]).length === 0;
  const wrapper = isCalled ? (expression["callee"] as SyntaxNode) : expression;
  if (wrapper.type !== "ArrowFunctionExpression") return statements;
  const first = (wrapper["params"] as SyntaxNode[])[0]?.["name"] as string | undefined;
  const isWrapper = isCalled ? isTsxHead(statements) : first?.startsWith("__vite_ssr_") === true;
  if (!isWrapper) return statements;
  let block = wrapper["body"] as SyntaxNode;
  for (;;) {
    if (block.type !== "BlockStatement") return statements;
    const inner = block["body"] as SyntaxNode[];
    if (inner.length !== 1 || inner[0]?.type !== "BlockStatement") return inner;
    block = inner[0];
  }
}

/** tsx writes `__filename="...";` before the function, and nothing else. */
function isTsxHead(statements: readonly SyntaxNode[]): boolean {
  return statements
    .slice(0, -1)
    .every((one) =>
      ["AssignmentExpression", "Literal"].includes((one["expression"] as SyntaxNode | undefined)?.type ?? ""),
    );
}

const nameOf = (node: SyntaxNode): string => (node["name"] ?? node["value"]) as string;

class BindingReader {
  readonly imports = new Map<string, ImportBinding>();
  readonly exports = new Map<string, string>();
  readonly functions = new Map<number, string>();

  statement(node: SyntaxNode): void {
    switch (node.type) {
      case "ImportDeclaration":
        return this.#import(node);
      case "ExportNamedDeclaration":
        return this.#exportNamed(node);
      case "ExportDefaultDeclaration":
        return this.#exportDefault(node["declaration"] as SyntaxNode);
      case "FunctionDeclaration":
      case "ClassDeclaration":
        this.functions.set(node.start, nameOf(node["id"] as SyntaxNode));
        return;
      case "VariableDeclaration":
        for (const one of node["declarations"] as SyntaxNode[]) this.#variable(one);
        return;
      case "ExpressionStatement":
        return this.#viteExport(node["expression"] as SyntaxNode);
    }
  }

  #import(node: SyntaxNode): void {
    const specifier = nameOf(node["source"] as SyntaxNode);
    for (const one of node["specifiers"] as SyntaxNode[]) {
      const local = nameOf(one["local"] as SyntaxNode);
      const path =
        one.type === "ImportSpecifier"
          ? [nameOf(one["imported"] as SyntaxNode)]
          : one.type === "ImportDefaultSpecifier"
            ? ["default"]
            : [];
      this.imports.set(local, { specifier, path, style: "esm" });
    }
  }

  #exportNamed(node: SyntaxNode): void {
    const declaration = node["declaration"] as SyntaxNode | null;
    if (declaration) {
      this.statement(declaration);
      const declared =
        declaration.type === "VariableDeclaration"
          ? (declaration["declarations"] as SyntaxNode[]).flatMap((one) => [...patternNames(one["id"] as SyntaxNode)])
          : [nameOf(declaration["id"] as SyntaxNode)];
      for (const name of declared) this.exports.set(name, name);
    } else if (!node["source"]) {
      for (const one of node["specifiers"] as SyntaxNode[]) {
        this.exports.set(nameOf(one["local"] as SyntaxNode), nameOf(one["exported"] as SyntaxNode));
      }
    }
  }

  #exportDefault(node: SyntaxNode): void {
    const name =
      node.type === "Identifier" ? nameOf(node) : isSyntaxNode(node["id"]) ? nameOf(node["id"]) : anonymousDefault;
    this.exports.set(name, "default");
    if (node.type !== "Identifier") this.functions.set(unwrapped(node).start, name);
  }

  #variable(node: SyntaxNode): void {
    const init = node["init"] as SyntaxNode | null;
    if (!init) return;
    const id = node["id"] as SyntaxNode;
    const value = unwrapped(init);
    if (id.type === "Identifier" && /Function|^Class/.test(value.type)) {
      this.functions.set(value.start, nameOf(id));
      return;
    }
    const module = requiredModule(init);
    if (module !== undefined) this.#required(id, module, []);
  }

  /** `const fs = require("fs")`, `const { join } = require("path")`. */
  #required(pattern: SyntaxNode, module: RequiredModule, way: readonly string[]): void {
    const path = [...module.path, ...way];
    if (pattern.type === "Identifier") {
      this.imports.set(nameOf(pattern), { specifier: module.specifier, path, style: module.style });
    } else if (pattern.type === "ObjectPattern") {
      for (const property of pattern["properties"] as SyntaxNode[]) {
        if (property.type !== "Property" || property["computed"] === true) continue;
        this.#required(property["value"] as SyntaxNode, module, [...way, nameOf(property["key"] as SyntaxNode)]);
      }
    }
  }

  /** `__vite_ssr_exportName__("tok", () => { try { return tok } catch {} })`. */
  #viteExport(node: SyntaxNode): void {
    if (node.type !== "CallExpression") return;
    if ((node["callee"] as SyntaxNode)["name"] !== "__vite_ssr_exportName__") return;
    const [name, getter] = node["arguments"] as SyntaxNode[];
    const local = getter && firstReturned(getter);
    if (name && local) this.exports.set(local, nameOf(name));
  }
}

interface RequiredModule extends ImportBinding {
  readonly path: readonly string[];
}

/** The module behind `require("x")`, esbuild's `__toESM(require("x"))`, `require("x").y`, or vite's import call. */
function requiredModule(node: SyntaxNode): RequiredModule | undefined {
  if (node.type === "AwaitExpression") {
    const call = node["argument"] as SyntaxNode;
    const specifier = calledWithString(call, "__vite_ssr_import__");
    return specifier === undefined ? undefined : { specifier, path: [], style: "vite" };
  }
  if (node.type === "MemberExpression" && node["computed"] !== true) {
    const module = requiredModule(node["object"] as SyntaxNode);
    return module && { ...module, path: [...module.path, nameOf(node["property"] as SyntaxNode)] };
  }
  const specifier = calledWithString(node, "require");
  if (specifier !== undefined) return { specifier, path: [], style: "commonjs" };
  if (
    node.type !== "CallExpression" ||
    !/^__(toESM|importStar)$/.test(String((node["callee"] as SyntaxNode)["name"]))
  ) {
    return undefined;
  }
  const inner = (node["arguments"] as SyntaxNode[])[0];
  const module = inner && requiredModule(inner);
  return module && { ...module, style: "esm" };
}

function calledWithString(node: SyntaxNode, callee: string): string | undefined {
  if (node.type !== "CallExpression" || (node["callee"] as SyntaxNode)["name"] !== callee) return undefined;
  const argument = (node["arguments"] as SyntaxNode[])[0];
  return argument?.type === "Literal" && typeof argument["value"] === "string" ? argument["value"] : undefined;
}

/** The function inside esbuild's `__name(function, "name")`. */
function unwrapped(node: SyntaxNode): SyntaxNode {
  if (node.type !== "CallExpression" || (node["callee"] as SyntaxNode)["name"] !== "__name") return node;
  return (node["arguments"] as SyntaxNode[])[0] ?? node;
}

function firstReturned(node: SyntaxNode): string | undefined {
  if (node.type === "ReturnStatement") return (node["argument"] as SyntaxNode | null)?.["name"] as string | undefined;
  for (const child of childrenOf(node)) {
    const found = firstReturned(child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Declarations of a name with the range of the block or function that sees each. */
function* declarations(
  node: SyntaxNode,
  name: string,
  around: SyntaxNode,
): Generator<{ offset: number; begin: number; end: number }> {
  const at = (offset: number) => ({ offset, begin: around.start, end: around.end });
  if (node.type === "VariableDeclarator" && [...patternNames(node["id"] as SyntaxNode)].includes(name))
    yield at(node.start);
  if (/^(Function|Class)Declaration$/.test(node.type) && (node["id"] as SyntaxNode | null)?.["name"] === name) {
    yield at(node.start);
  }
  if (/Function/.test(node.type)) {
    for (const parameter of node["params"] as SyntaxNode[]) {
      if ([...patternNames(parameter)].includes(name))
        yield { offset: parameter.start, begin: node.start, end: node.end };
    }
  }
  const inner = /Function|^BlockStatement$|^Program$|^For/.test(node.type) ? node : around;
  for (const child of childrenOf(node)) yield* declarations(child, name, inner);
}
