import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** `import("x")`, `require("x")`, and what vite makes of the former. */
const literal = /\b(?:import|require|__vite_ssr_dynamic_import__)\s*\(\s*(?:\/\*.*?\*\/\s*)*(["'`])([^"'`\n$]+)\1/g;

/** What a function's text names in `import()` and `require()`; more, where a comment or a string looks like that. */
export function literalImports(text: string): string[] {
  return [...text.matchAll(literal)].map((match) => match[2] as string);
}

/**
 * The URL that a relative or rooted name means; undefined for names of packages, `node:` modules and URLs.
 *
 * @param base URL of the file that asks.
 * @param root Directory of vite's root-relative names; empty without vite.
 */
export function importedUrl(specifier: string, base: string, root: string): string | undefined {
  if (root !== "" && specifier.startsWith("/")) {
    const path = specifier.startsWith("/@fs/") ? specifier.slice(4) : specifier;
    const rooted = root + path;
    return pathToFileURL(!specifier.startsWith("/@fs/") && existsSync(rooted) ? rooted : path).href;
  }
  return /^\.{1,2}\//.test(specifier) ? new URL(specifier, base).href : undefined;
}
