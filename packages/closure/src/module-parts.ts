import { acorn, childrenOf, isSyntaxNode, patternNames, type SyntaxNode } from "./acorn.ts";

/** A stretch of a module's text that means something else where the module lies elsewhere. */
export type ModulePart = {
  /** Offsets into the text. */
  readonly start: number;
  readonly end: number;
} & (
  | {
      /** The string that names another module, quotes included. */
      readonly kind: "module";
      readonly specifier: string;
      /** Who asks: a declaration, which the module cannot do without, `import()`, or `require()`. */
      readonly by: "declaration" | "import" | "require";
      /** Where what follows the name ends that says of which type it is, as `with { type: "json" }`. */
      readonly attributesEnd?: number;
    }
  /** The argument of an `import()` whose module is known only when it runs. */
  | { readonly kind: "computed" }
  /** `import.meta`. */
  | { readonly kind: "meta" }
  /** One of CommonJS's names for the file, where the module does not declare it itself. */
  | { readonly kind: "name"; readonly name: "__filename" | "__dirname"; readonly shorthand: boolean }
);

/**
 * Finds what a module's text says about where it lies, and about other modules, in the order of the text.
 *
 * @param format How the text is run.
 * @throws SyntaxError of acorn's, with `loc`, when the text is no JavaScript that acorn knows.
 */
export function modulePartsOf(text: string, format: "module" | "commonjs"): ModulePart[] {
  const tree = acorn().parse(text, {
    ecmaVersion: "latest",
    sourceType: format === "module" ? "module" : "script",
    allowReturnOutsideFunction: true,
    allowHashBang: true,
    allowSuperOutsideMethod: true,
  }) as unknown as SyntaxNode;
  const finder = new PartFinder(format);
  finder.visit(tree);
  return finder.finish();
}

class PartFinder {
  readonly #parts: ModulePart[] = [];
  /** Names that anything in the module declares: those are not CommonJS's. */
  readonly #declared = new Set<string>();
  /** Variables that hold what `createRequire(import.meta.url)` gave. */
  readonly #made = new Set<string>();
  readonly #calls: { readonly callee: string; readonly argument: SyntaxNode }[] = [];

  readonly #format: "module" | "commonjs";

  constructor(format: "module" | "commonjs") {
    this.#format = format;
  }

  finish(): ModulePart[] {
    const hasRequire = this.#format === "commonjs" && !this.#declared.has("require");
    for (const { callee, argument } of this.#calls) {
      if (this.#made.has(callee) || (hasRequire && callee === "require")) this.#module(argument, "require");
    }
    return this.#parts
      .filter((part) => part.kind !== "name" || !this.#declared.has(part.name))
      .sort((one, other) => one.start - other.start);
  }

  visit(root: SyntaxNode): void {
    // A stack of its own: expressions such as long sums are nested as deep as they are long.
    const stack = [root];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (this.#take(node)) stack.push(...childrenOf(node));
    }
  }

  /** Gives whether to look at what is below. */
  #take(node: SyntaxNode): boolean {
    switch (node.type) {
      case "ImportDeclaration":
        for (const each of node["specifiers"] as SyntaxNode[]) this.#declare(each["local"]);
        this.#declaration(node);
        return false;
      case "ExportNamedDeclaration":
      case "ExportAllDeclaration":
        this.#declaration(node);
        return isSyntaxNode(node["declaration"]);
      case "ImportExpression": {
        const source = node["source"] as SyntaxNode;
        const options = node["options"];
        const isKnown = literalOf(source) !== undefined;
        if (isKnown) this.#module(source, "import", isSyntaxNode(options) ? options.end : undefined);
        else this.#parts.push({ kind: "computed", ...range(source) });
        return !isKnown;
      }
      case "MetaProperty":
        if ((node["meta"] as SyntaxNode)["name"] === "import") this.#parts.push({ kind: "meta", ...range(node) });
        return false;
      case "CallExpression":
        return this.#call(node);
      case "VariableDeclarator":
        return this.#variable(node);
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        this.#declare(node["id"]);
        for (const parameter of node["params"] as SyntaxNode[]) this.#declare(parameter);
        return true;
      case "ClassDeclaration":
      case "ClassExpression":
        this.#declare(node["id"]);
        return true;
      case "CatchClause":
        this.#declare(node["param"]);
        return true;
      case "MemberExpression":
        if (node["computed"] === true) return true;
        this.visit(node["object"] as SyntaxNode);
        return false;
      case "Property": {
        if (node["shorthand"] === true && isSyntaxNode(node["value"]) && node["value"].type === "Identifier") {
          this.#name(node["value"], true);
          return false;
        }
        if (node["computed"] === true) return true;
        this.visit(node["value"] as SyntaxNode);
        return false;
      }
      case "Identifier":
        this.#name(node, false);
        return false;
      default:
        return true;
    }
  }

  #declaration(node: SyntaxNode): void {
    const source = node["source"];
    if (!isSyntaxNode(source)) return;
    const attributes = (node["attributes"] ?? []) as SyntaxNode[];
    this.#module(source, "declaration", attributes.length > 0 ? node.end : undefined);
  }

  #call(node: SyntaxNode): boolean {
    const callee = node["callee"] as SyntaxNode;
    const [argument] = node["arguments"] as SyntaxNode[];
    if (callee.type === "Identifier" && argument !== undefined && literalOf(argument) !== undefined) {
      this.#calls.push({ callee: callee["name"] as string, argument });
    }
    return true;
  }

  /** `const require = createRequire(import.meta.url)`: a `require` that has to start where the module lies now. */
  #variable(node: SyntaxNode): boolean {
    const id = node["id"] as SyntaxNode;
    this.#declare(id);
    const init = node["init"];
    if (id.type !== "Identifier" || !isSyntaxNode(init) || init.type !== "CallExpression") return true;
    const callee = init["callee"] as SyntaxNode;
    const made = callee.type === "MemberExpression" ? (callee["property"] as SyntaxNode) : callee;
    const [argument] = init["arguments"] as SyntaxNode[];
    const isOwn = argument?.type === "MemberExpression" && (argument["object"] as SyntaxNode).type === "MetaProperty";
    if (made["name"] !== "createRequire" || !isOwn) return true;
    this.#made.add(id["name"] as string);
    return false;
  }

  #module(node: SyntaxNode, by: "declaration" | "import" | "require", attributesEnd?: number): void {
    const specifier = literalOf(node) as string;
    this.#parts.push({
      ...{ kind: "module", specifier, by, ...range(node) },
      ...(attributesEnd !== undefined && { attributesEnd }),
    });
  }

  #name(node: SyntaxNode, shorthand: boolean): void {
    const name = node["name"] as string;
    if (name === "__filename" || name === "__dirname")
      this.#parts.push({ kind: "name", name, shorthand, ...range(node) });
  }

  #declare(pattern: unknown): void {
    if (isSyntaxNode(pattern)) for (const name of patternNames(pattern)) this.#declared.add(name);
  }
}

/** The text of a string, or of a template without expressions. */
function literalOf(node: SyntaxNode): string | undefined {
  if (node.type === "Literal") return typeof node["value"] === "string" ? node["value"] : undefined;
  if (node.type !== "TemplateLiteral" || (node["expressions"] as unknown[]).length > 0) return undefined;
  const [quasi] = node["quasis"] as { readonly value: { readonly cooked?: string | null } }[];
  return quasi?.value.cooked ?? undefined;
}

function range({ start, end }: SyntaxNode): { start: number; end: number } {
  return { start, end };
}
