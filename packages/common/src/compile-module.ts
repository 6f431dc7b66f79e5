import { createRequire } from "node:module";
import { extname } from "node:path";

/** The part of esbuild that is used. It is the copy that tsx brings, and loaded for the few modules that need it. */
interface Compiler {
  transformSync(source: string, options: Readonly<Record<string, unknown>>): { readonly code: string };
}

let compiler: Compiler | undefined;

/**
 * Compiles what this Node cannot run as it is (types, enums, parameter properties, decorators, JSX, `await using` before Node 24)
 * to JavaScript with an inline source map. Throws what esbuild throws.
 *
 * @param tsx Where tsx is, for packages that depend on it: `require.resolve("tsx")`.
 * @param options More options of esbuild's `transform`.
 */
export function compileModule(
  source: string,
  path: string,
  tsx: string,
  options: Readonly<Record<string, unknown>> = {},
): string {
  compiler ??= createRequire(tsx)("esbuild") as Compiler;
  const { code } = compiler.transformSync(source, {
    loader: loaderOf(extname(path)),
    target: `node${process.versions.node}`,
    sourcefile: path,
    sourcemap: "inline",
    sourcesContent: false,
    ...options,
  });
  return code;
}

function loaderOf(extension: string): string {
  if (extension.endsWith("x")) return extension.slice(1);
  return extension.endsWith("ts") ? "ts" : "js";
}
