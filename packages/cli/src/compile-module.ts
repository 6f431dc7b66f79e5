import { createRequire } from "node:module";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";

/** The part of esbuild that is used. It is the copy that tsx brings, and loaded for the few files that need it. */
interface Compiler {
  transformSync(source: string, options: Readonly<Record<string, unknown>>): { readonly code: string };
}

let compiler: Compiler | undefined;

/**
 * Compiles what this Node cannot run as it is (enums, parameter properties, decorators, JSX, `await using` before Node 24)
 * to JavaScript with an inline source map.
 */
export function compileModule(source: string, url: string): string {
  const require = createRequire(import.meta.url);
  compiler ??= createRequire(require.resolve("tsx"))("esbuild") as Compiler;
  process.setSourceMapsEnabled(true);
  const file = fileURLToPath(url);
  const { code } = compiler.transformSync(source, {
    loader: loaderOf(extname(file)),
    target: `node${process.versions.node}`,
    sourcefile: file,
    sourcemap: "inline",
    sourcesContent: false,
  });
  return code;
}

function loaderOf(extension: string): "ts" | "tsx" | "js" | "jsx" {
  if (extension === ".tsx" || extension === ".jsx") return extension.slice(1) as "tsx" | "jsx";
  return extension.endsWith("ts") ? "ts" : "js";
}
