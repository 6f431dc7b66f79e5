import { existsSync, realpathSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { viteRoot } from "./main-program.ts";
import type { ImportBinding } from "./script-bindings.ts";
import type { ModuleReference } from "./value-graph.ts";

/** TypeScript's endings for what an import names by JavaScript's, or by none. */
const typeScriptEndings: readonly (readonly [ending: RegExp, replacements: readonly string[]])[] = [
  [/\.js$/, [".ts", ".tsx"]],
  [/\.jsx$/, [".tsx"]],
  [/\.mjs$/, [".mts"]],
  [/\.cjs$/, [".cts"]],
  [/$/, [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json", "/index.ts", "/index.js"]],
];

/**
 * Names a module for executors: relative imports become file URLs, packages keep their name together with the file that imports
 * them, `node:` modules are just their name. Nothing is imported or required to find out.
 */
export function moduleReference(binding: ImportBinding, importer: string, commonjs: boolean): ModuleReference {
  const { specifier, style } = binding;
  const interop = commonjs ? "commonjs" : "namespace";
  if (isBuiltin(specifier)) {
    return { specifier: specifier.startsWith("node:") ? specifier : `node:${specifier}`, base: "", interop };
  }
  if (style === "vite") return viteReference(specifier, importer, interop);
  if (/^(file|data|https?):/.test(specifier)) return { specifier, base: "", interop };
  if (!/^\.{0,2}\//.test(specifier)) return { specifier, base: importer, interop };
  return { specifier: existingFile(new URL(specifier, importer).href), base: "", interop };
}

/** vite writes `/src/x.ts` from its root, `/@fs/absolute`, URLs, and bare names for what it leaves to Node.js. */
function viteReference(id: string, importer: string, interop: ModuleReference["interop"]): ModuleReference {
  const specifier = id.replace(/[?#].*$/, "");
  if (specifier.startsWith("file:")) return { specifier, base: "", interop };
  if (!specifier.startsWith("/")) return { specifier, base: importer, interop };
  const absolute = specifier.startsWith("/@fs/") ? specifier.slice(4) : specifier;
  const rooted = `${viteRoot() ?? ""}${specifier}`;
  const path = !specifier.startsWith("/@fs/") && existsSync(rooted) ? rooted : absolute;
  return { specifier: pathToFileURL(existsSync(path) ? realpathSync(path) : path).href, base: "", interop };
}

function existingFile(url: string): string {
  if (!url.startsWith("file:")) return url;
  const path = fileURLToPath(url);
  if (existsSync(path) && !path.endsWith("/") && /\.[^/]+$/.test(path)) return url;
  for (const [ending, replacements] of typeScriptEndings) {
    if (!ending.test(path)) continue;
    for (const replacement of replacements) {
      const candidate = path.replace(ending, replacement);
      if (existsSync(candidate)) return pathToFileURL(candidate).href;
    }
  }
  return url;
}
