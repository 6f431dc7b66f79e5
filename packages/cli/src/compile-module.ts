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

/** JavaScript with types replaced by spaces, as Node does it; undefined where the syntax has to be compiled. */
export function stripTypes(source: string, strip: (source: string) => string): string | undefined {
  // Node leaves decorators as they are, and V8 does not know them.
  if (/^\s*(?:export\s+(?:default\s+)?)?@[\w$]/m.test(source)) return undefined;
  // oxlint-disable-next-line typescript/unbound-method -- it is put back where it was
  const { emitWarning } = process;
  try {
    // Node says once per process that this function is experimental; what it does is Node's default since version 24.
    process.emitWarning = () => undefined;
    return strip(source);
  } catch {
    return undefined; // what Node refuses is for the compiler, whose message for wrong syntax names file and line
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Whether JavaScript has explicit resource management, which Node runs from version 24 on. */
export function usesUsing(source: string): boolean {
  return /^[^/*"'`]*\busing\s+[\w$]/m.test(source);
}
