import { GloamError, withoutWarnings } from "@gloam/common";
import { constants, Script } from "node:vm";
import { importedUrl } from "./literal-imports.ts";
import type { ModuleReference } from "./value-graph.ts";

/**
 * Imports a module on an executor.
 *
 * @param specifier URL, `node:` name or package specifier.
 * @param base URL of the file that a package specifier is looked up from; empty for the others.
 */
export type ImportModule = (specifier: string, base: string) => Promise<unknown>;

const importers = new Map<string, (specifier: string) => Promise<unknown>>();

/** Imports with Node.js's own loader, a package from where the user's file would find it. */
export const importFromBase: ImportModule = (specifier, base) => {
  if (!base.startsWith("file:")) return import(specifier);
  let importer = importers.get(base);
  if (importer === undefined) {
    const script = new Script("(specifier) => import(specifier)", {
      filename: base,
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    importers.set(base, (importer = script.runInThisContext() as (specifier: string) => Promise<unknown>));
  }
  // Node.js 20 warns of importing this way, which newer versions keep.
  return withoutWarnings(() => importer(specifier));
};

/** What `import()` is inside a rebuilt function. */
export function dynamicImport(base: string, root: string, importModule: ImportModule) {
  return (specifier: string): Promise<unknown> => {
    const url = importedUrl(specifier, base, root);
    return url === undefined ? importModule(specifier, base) : importModule(url, "");
  };
}

/** Finds what a function refers to inside an imported module. */
export function valueInModule(module: unknown, reference: ModuleReference, path: readonly string[]): unknown {
  const [first, ...rest] = candidates(module, reference.interop, path);
  for (const candidate of [first, ...rest]) {
    let value: unknown = candidate;
    let found = true;
    for (const name of path) {
      found = value !== null && value !== undefined && name in Object(value);
      if (!found) break;
      value = (value as Record<string, unknown>)[name];
    }
    if (found) return value;
  }
  throw new GloamError(
    "GLOAM_MODULE_NOT_LOADED",
    `module ${reference.specifier} has no export '${path.join(".")}' on this executor`,
    { hint: "export the same names wherever the module is evaluated" },
  );
}

/** Where `require`'s value may be found in a namespace: newer versions of Node.js name it, older ones call it the default. */
function candidates(module: unknown, interop: ModuleReference["interop"], path: readonly string[]): unknown[] {
  if (interop === "namespace") return [module];
  const namespace = module as Record<string, unknown>;
  const required = ["module.exports", "default"].filter((name) => name in namespace).map((name) => namespace[name]);
  return path.length === 0 && required.length > 0 ? required.slice(0, 1) : [...required, module];
}
