import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import {
  parseSync,
  type Comment,
  type MethodDefinition,
  type Node,
  type Program,
  type PropertyDefinition,
  type Statement,
  type TSMethodSignature,
  type TSPropertySignature,
} from "oxc-parser";
import { parseDocComment, type DocComment } from "./doc-comment.ts";

/** A name of the API, as it is declared. */
export interface ApiEntry {
  /** The class or interface that has it; undefined of what stands by itself. */
  readonly owner: string | undefined;
  readonly name: string;
  /** Source relative to the folder that was read. */
  readonly file: string;
  readonly kind: "method" | "property" | "function" | "class" | "interface" | "type" | "constant";
  /** As declared: several where it is overloaded. */
  readonly signatures: readonly string[];
  /** Of the first declaration that has one. */
  readonly doc: DocComment | undefined;
}

/** What the sources of a folder declare and export, in the order of their files and lines, `declare module` included. */
export function readApi(folder: string): ApiEntry[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/\.test(-d)?\.ts$/.test(file))
    .toSorted();
  return files.flatMap((file) => new ApiReader(folder, file).read());
}

/** What an entry is before its overloads are put together. */
type Declaration = Omit<ApiEntry, "signatures" | "file"> & {
  readonly signature: string;
  /** Whether it is implemented there: what stands behind overloads is no declaration of its own. */
  readonly hasBody?: boolean;
};

class ApiReader {
  readonly #file: string;
  readonly #source: string;
  readonly #program: Program;
  /** Doc comments by where they end, spaces after them included. */
  readonly #comments: ReadonlyMap<number, Comment>;

  constructor(folder: string, file: string) {
    const path = join(folder, file);
    this.#file = relative(folder, path);
    this.#source = readFileSync(path, "utf8");
    const { program, comments } = parseSync(path, this.#source);
    this.#program = program;
    const docs = comments.filter(({ type, value }) => type === "Block" && value.startsWith("*"));
    this.#comments = new Map(docs.map((comment) => [this.#pastSpaces(comment.end), comment]));
  }

  read(): ApiEntry[] {
    const entries = new Map<string, ApiEntry>();
    const declarations = this.#program.body.flatMap((statement) => this.#statement(statement));
    for (const { signature, hasBody = false, ...declared } of declarations) {
      const key = `${declared.owner}.${declared.name}`;
      const earlier = entries.get(key);
      if (earlier !== undefined && hasBody) continue;
      entries.set(key, {
        ...declared,
        file: this.#file,
        doc: earlier?.doc ?? declared.doc,
        signatures: [...(earlier?.signatures ?? []), signature],
      });
    }
    return [...entries.values()];
  }

  #statement(statement: Statement): Declaration[] {
    if (statement.type === "TSModuleDeclaration" && statement.body?.type === "TSModuleBlock") {
      return statement.body.body.flatMap((inner) =>
        inner.type === "TSInterfaceDeclaration" ? this.#members(inner.id.name, inner.body.body) : [],
      );
    }
    if (statement.type !== "ExportNamedDeclaration" || statement.declaration === null) return [];
    const { declaration } = statement;
    const doc = this.#doc(statement.start);
    switch (declaration.type) {
      case "ClassDeclaration": {
        const { id, body } = declaration;
        if (id === null) return [];
        const signature = this.#text(statement.start, body.start);
        const entry: Declaration = { owner: undefined, name: id.name, kind: "class", signature, doc };
        return [entry, ...this.#members(id.name, body.body)];
      }
      case "TSInterfaceDeclaration": {
        const { id, body } = declaration;
        const signature = this.#text(statement.start, statement.end);
        const entry: Declaration = { owner: undefined, name: id.name, kind: "interface", signature, doc };
        return [entry, ...this.#members(id.name, body.body)];
      }
      case "TSTypeAliasDeclaration": {
        const signature = this.#text(statement.start, statement.end);
        return [{ owner: undefined, name: declaration.id.name, kind: "type", signature, doc }];
      }
      case "FunctionDeclaration":
      case "TSDeclareFunction": {
        if (declaration.id === null) return [];
        const { body, id, start, end } = declaration;
        const signature = this.#text(start, body?.start ?? end);
        return [{ owner: undefined, name: id.name, kind: "function", signature, hasBody: body !== null, doc }];
      }
      case "VariableDeclaration":
        return declaration.declarations.flatMap(({ id }) =>
          id.type === "Identifier"
            ? [{ owner: undefined, name: id.name, kind: "constant" as const, signature: this.#text(id.start, id.end), doc }]
            : [],
        ); // prettier-ignore
      default:
        return [];
    }
  }

  #members(owner: string, members: readonly Node[]): Declaration[] {
    return members.flatMap((member) => {
      if (!isMember(member) || ("accessibility" in member && member.accessibility === "private")) return [];
      const name = nameOf(member);
      if (name === undefined || name === "constructor") return [];
      const isMethod =
        member.type === "TSMethodSignature" ? member.kind === "method" : "kind" in member && member.kind === "method";
      const body = bodyOf(member);
      return [
        {
          owner,
          name,
          kind: isMethod ? ("method" as const) : ("property" as const),
          signature: this.#text(member.start, body?.start ?? member.end).replace(/\s*=$/, ""),
          hasBody: body !== undefined,
          doc: this.#doc(member.start),
        },
      ];
    });
  }

  #doc(start: number): DocComment | undefined {
    const comment = this.#comments.get(start);
    return comment === undefined ? undefined : parseDocComment(comment.value);
  }

  #text(start: number, end: number): string {
    const before = this.#source.slice(this.#source.lastIndexOf("\n", start) + 1, start);
    const indent = /^\s*/.exec(before)?.[0] ?? "";
    return this.#source.slice(start, end).trim().replace(/;$/, "").replaceAll(`\n${indent}`, "\n");
  }

  #pastSpaces(position: number): number {
    return position + (/^\s*/.exec(this.#source.slice(position, position + 400))?.[0].length ?? 0);
  }
}

type Member = TSMethodSignature | TSPropertySignature | MethodDefinition | PropertyDefinition;

function isMember(node: Node): node is Member {
  return ["TSMethodSignature", "TSPropertySignature", "MethodDefinition", "PropertyDefinition"].includes(node.type);
}

/** What is no part of the declaration: a method's body, a property's value. */
function bodyOf(member: Member): Node | undefined {
  if (member.type === "MethodDefinition") return member.value.body ?? undefined;
  return member.type === "PropertyDefinition" ? (member.value ?? undefined) : undefined;
}

/** `name` and `[Symbol.dispose]`; undefined for private names and what has no name in the text. */
function nameOf({ key, computed }: Member): string | undefined {
  if (key.type === "Identifier") return computed ? `[${key.name}]` : key.name;
  if (key.type === "MemberExpression" && key.property.type === "Identifier") return `[Symbol.${key.property.name}]`;
  return undefined;
}
