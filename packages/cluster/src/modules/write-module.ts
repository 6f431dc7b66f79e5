import type { ModulePart } from "@gloam/closure";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { CompiledModule } from "./compile-user-module.ts";

/** Where a module lies among those that executors get, for who imports or requires it: `DIRECTORY/NAME.mjs`. */
export type PathOf = (url: string, by: "import" | "require") => string;

/** What its own source says of a module, before anybody knows where it will lie. */
export interface WritableModule {
  /** URL of the user's file. */
  readonly url: string;
  readonly compiled: CompiledModule;
  /** The user's module that each part names, in the order of the parts; undefined for packages and for what is no name. */
  readonly targets: readonly (string | undefined)[];
}

/**
 * The text of a module as it runs wherever it lies: names of other modules say where these lie beside it, `import.meta` and
 * `__filename` say where the user's file is, and so do stacks. No line becomes another one.
 */
export function writeModule({ url, compiled, targets }: WritableModule, pathOf: PathOf): string {
  const { text, format, mapped, parts } = compiled;
  const path = fileURLToPath(url);
  let written = "";
  let at = 0;
  const replace = (start: number, end: number, by: string): void => {
    written += text.slice(at, start) + by;
    at = end;
  };
  for (const [index, part] of parts.entries()) {
    const { start, end } = part;
    switch (part.kind) {
      case "module": {
        const target = targets[index];
        const name = target === undefined ? elsewhere(part, url) : `../${pathOf(target, asked(part))}`;
        if (name !== undefined) replace(start, end, JSON.stringify(name));
        // It is a module like any other by then.
        const isJson = target?.endsWith(".json") === true && part.attributesEnd !== undefined;
        if (isJson) replace(end, part.attributesEnd, part.by === "declaration" ? ";" : "");
        break;
      }
      case "computed":
        replace(start, end, `$gloam_at(${text.slice(start, end)})`);
        break;
      case "meta":
        replace(start, end, "$gloam_meta()");
        break;
      case "name": {
        const value = JSON.stringify(part.name === "__filename" ? path : dirname(path));
        replace(start, end, part.shorthand ? `${part.name}:${value}` : value);
        break;
      }
    }
  }
  written = (written + text.slice(at)).replace(/^#!/, "//");
  const has = (kind: ModulePart["kind"]): boolean => parts.some((part) => part.kind === kind);
  // Behind the rest, so that no line moves; functions are there from the beginning all the same.
  if (has("computed")) written += `\n${atFunction(url)}`;
  if (has("meta")) written += `\n${metaFunction(url, path)}`;
  return mapped ? written : `${written}\n//# sourceURL=${format === "module" || /[\s'"]/.test(path) ? url : path}`;
}

/** A JSON file as an ES module: its value, and what that has under names of its own. */
export function writeJsonModule(text: string): string {
  const value: unknown = JSON.parse(text);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const names = isObject ? Object.keys(value).filter((name) => name !== "default" && !/\p{Surrogate}/u.test(name)) : [];
  const parts = names.map((name, index) => `${JSON.stringify(name)}: v${index}`);
  const exported = names.map((name, index) => `v${index} as ${JSON.stringify(name)}`);
  return [
    `const value = JSON.parse(${JSON.stringify(text)});`,
    "export default value;",
    ...(names.length > 0 ? [`const { ${parts.join(", ")} } = value;`, `export { ${exported.join(", ")} };`] : []),
  ].join("\n");
}

function asked({ by }: Extract<ModulePart, { kind: "module" }>): "import" | "require" {
  return by === "require" ? "require" : "import";
}

/** Files that executors don't get are found where the user's file finds them, if they are there. */
function elsewhere({ specifier, by }: Extract<ModulePart, { kind: "module" }>, url: string): string | undefined {
  if (!/^\.{0,2}\//.test(specifier)) return undefined;
  const href = new URL(specifier, url).href;
  return by === "require" ? fileURLToPath(href) : href;
}

function atFunction(url: string): string {
  return `function $gloam_at(name) { return /^\\.{0,2}\\//.test(name) ? new URL(name, ${JSON.stringify(url)}).href : name; }`;
}

function metaFunction(url: string, path: string): string {
  const [href, filename, directory] = [url, path, dirname(path)].map((each) => JSON.stringify(each));
  return (
    `function $gloam_meta() { return ($gloam_meta.value ??= { __proto__: null, url: ${href}, filename: ${filename}, ` +
    `dirname: ${directory}, resolve: (name) => /^\\.{0,2}\\//.test(name) ? new URL(name, ${href}).href : import.meta.resolve(name) }); }`
  );
}
