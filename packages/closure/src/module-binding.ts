import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { LiveName } from "./captured-names.ts";
import { fileUrl, isImportable, isMainProgram } from "./main-program.ts";
import { moduleReference } from "./resolve-module.ts";
import { mayImport } from "./script-bindings.ts";
import type { Script } from "./script.ts";
import { isTransferable } from "./transfer.ts";
import type { ModuleReference } from "./value-graph.ts";

/** A value by where every executor finds it: a module and the way inside it. */
export interface ModuleValue {
  readonly module: ModuleReference;
  readonly path: readonly string[];
}

const isObject = (value: unknown): value is object =>
  (typeof value === "object" || typeof value === "function") && value !== null;

/**
 * The module value that a name of a script stands for: what the script imports, and what a script other than the main program
 * exports. Undefined for names that travel by value.
 */
export function referenceByName(script: Script, name: string, live: LiveName): ModuleValue | undefined {
  if (!live.outermost) return undefined;
  // Broadcasts and the like say themselves how they travel, wherever they are exported.
  if (!live.uninitialised && isObject(live.value) && isTransferable(live.value)) return undefined;
  const url = fileUrl(script.url);
  const isMain = isMainProgram(url);
  if (isMain && !mayImport(script.source, name)) return undefined;
  const { imports, exports } = script.bindings;
  const binding = imports.get(name);
  if (binding !== undefined) {
    const commonjs = binding.style === "commonjs" && !isTranspiledModule(live.value, binding.path);
    const module = moduleReference(binding, url, commonjs);
    return isMainProgram(module.specifier) ? undefined : { module, path: binding.path };
  }
  const exported = exports.get(name);
  if (exported === undefined || isMain || !isImportable(url)) return undefined;
  return { module: { specifier: url, base: "", interop: "namespace" }, path: [exported] };
}

/**
 * The module value that a function or class is, known by where it stands: declared at the top of a script other than the main program
 * and exported there.
 */
export function referenceByPlace(fn: object, script: Script, begin: number | undefined): ModuleValue | undefined {
  const url = fileUrl(script.url);
  if (isMainProgram(url) || !isImportable(url)) return undefined;
  const local = begin === undefined ? undefined : script.bindings.functions.get(begin);
  const exported = local === undefined ? undefined : script.bindings.exports.get(local);
  if (exported !== undefined) return { module: { specifier: url, base: "", interop: "namespace" }, path: [exported] };
  return commonJsExport(fn, url);
}

/** What TypeScript or a bundler made of an ES module: its exports are names, whatever `require` was used. */
function isTranspiledModule(value: unknown, path: readonly string[]): boolean {
  return path.length === 0 && isObject(value) && (value as { __esModule?: unknown }).__esModule === true;
}

function commonJsExport(fn: object, url: string): ModuleValue | undefined {
  if (!url.startsWith("file:")) return undefined;
  const loaded = createRequire(url).cache[fileURLToPath(url)];
  const exported: unknown = loaded?.exports;
  if (!isObject(exported)) return undefined;
  const transpiled = (exported as { __esModule?: unknown }).__esModule === true;
  const module: ModuleReference = { specifier: url, base: "", interop: transpiled ? "namespace" : "commonjs" };
  if (exported === fn) return { module, path: [] };
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(exported))) {
    const value: unknown = transpiled && descriptor.get ? descriptor.get.call(exported) : descriptor.value;
    if (value === fn) return { module, path: [name] };
  }
  return undefined;
}
