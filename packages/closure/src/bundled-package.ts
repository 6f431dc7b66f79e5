/**
 * The package that a variable of an esbuild bundle holds, by esbuild's words for CommonJS: `import_x = __toESM(require_x())` and
 * `require_x = __commonJS({ "node_modules/x/index.js"(exports, module) { ... } })`. Undefined for anything else, and in minified
 * bundles, where these names are gone.
 *
 * @param source The bundle's text.
 */
export function bundledPackage(source: string, variable: string): string | undefined {
  const found = (pattern: string): string | undefined => new RegExp(`(?<![\\w$])${pattern}`).exec(source)?.[1];
  const escaped = (name: string): string => name.replaceAll("$", "\\$");
  const required = found(`${escaped(variable)} = __toESM\\((require_[\\w$]+)\\(`);
  const file = required && found(`${escaped(required)} = __commonJS\\(\\{\\s*"([^"]+)"`);
  return file && /.*(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];
}
