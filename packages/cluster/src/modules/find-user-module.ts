import { isGloamFile } from "@gloam/common";
import { realpathSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { manifestIn, packageScopeOf, type PackageManifest } from "./package-manifest.ts";
import { packageTarget } from "./package-target.ts";
import { pathCandidates, typeScriptSettingsOf } from "./typescript-settings.ts";

/** What an import in a user's module means. */
export type FoundModule =
  /** A module of the user's, by the URL of its file. */
  | { readonly kind: "user"; readonly url: string }
  /** A package, or a `node:` module: every machine has its own. */
  | { readonly kind: "named"; readonly package: string | undefined }
  /** A file that is not there, or that executors don't get: found where it is, if at all. */
  | { readonly kind: "other"; readonly isMissing: boolean };

/** Endings to try, for what an import says: TypeScript's for JavaScript's, and any for none. */
const endings: readonly (readonly [ending: RegExp, replacements: readonly string[]])[] = [
  [/\.js$/, [".ts", ".tsx", ".jsx"]],
  [/\.jsx$/, [".tsx"]],
  [/\.mjs$/, [".mts"]],
  [/\.cjs$/, [".cts"]],
  [/$/, [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"]],
];
const indexes = ["index.ts", "index.tsx", "index.js", "index.mjs", "index.cjs", "index.json"];

/**
 * Finds out what an import means, as Node.js, tsx and vite do, without evaluating anything: relative and absolute files with
 * TypeScript's endings, `imports` of package.json, `paths` of tsconfig.json, and packages of a workspace, whose files are the
 * user's own.
 *
 * @param importer Path of the module that asks.
 */
export function findUserModule(specifier: string, importer: string, by: "import" | "require"): FoundModule {
  const name = specifier.replace(/[?#].*$/, "") || specifier;
  if (isBuiltin(name)) return { kind: "named", package: undefined };
  if (/^\.{0,2}\//.test(name) || /^\.{1,2}$/.test(name) || name.startsWith("file:")) {
    const path = name.startsWith("file:") ? fileURLToPath(name) : resolve(dirname(importer), decoded(name, by));
    return userFile(path);
  }
  if (/^[a-z][a-z+.-]*:/i.test(name)) return { kind: "other", isMissing: false };
  const conditions = new Set(["node", by, "module-sync", "node-addons"]);
  if (name.startsWith("#")) return ownImport(name, importer, conditions);
  return aliased(name, importer) ?? fromPackage(name, importer, conditions);
}

/** Whether a file is the user's: not an installed package's, not Gloam's, and one that can be sent. */
export function isUserFile(path: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx|json)$/.test(path) && !/[\\/]node_modules[\\/]/.test(path) && !isGloamFile(path);
}

/** The file that a path means; undefined where there is none. */
export function existingFile(path: string): string | undefined {
  if (isFile(path)) return realpathSync(path);
  for (const [ending, replacements] of endings) {
    if (!ending.test(path)) continue;
    const found = replacements.map((replacement) => path.replace(ending, replacement)).find(isFile);
    if (found !== undefined) return realpathSync(found);
  }
  const main = manifestIn(path)?.main;
  const index = [...(typeof main === "string" ? [main] : []), ...indexes].map((file) => join(path, file)).find(isFile);
  return index === undefined ? undefined : realpathSync(index);
}

function userFile(path: string): FoundModule {
  const file = existingFile(path);
  if (file === undefined) return { kind: "other", isMissing: true };
  return isUserFile(file) ? { kind: "user", url: pathToFileURL(file).href } : { kind: "other", isMissing: false };
}

function ownImport(name: string, importer: string, conditions: ReadonlySet<string>): FoundModule {
  const scope = packageScopeOf(dirname(importer));
  const target = scope && packageTarget(scope.manifest.imports, name, conditions);
  if (scope === undefined || target === undefined) return { kind: "other", isMissing: true };
  if (target.startsWith("./")) return userFile(join(scope.directory, target));
  return isBuiltin(target) ? { kind: "named", package: undefined } : fromPackage(target, importer, conditions);
}

function aliased(name: string, importer: string): FoundModule | undefined {
  const settings = typeScriptSettingsOf(dirname(importer));
  if (settings === undefined) return undefined;
  for (const candidate of pathCandidates(settings, name)) {
    const found = userFile(candidate);
    if (found.kind === "user") return found;
  }
  return undefined;
}

function fromPackage(name: string, importer: string, conditions: ReadonlySet<string>): FoundModule {
  const packageName = /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name;
  const subpath = `.${name.slice(packageName.length)}`;
  const scope = packageScopeOf(dirname(importer));
  if (
    scope?.manifest.name === packageName &&
    scope.manifest.exports !== undefined &&
    !/[\\/]node_modules[\\/]/.test(scope.directory)
  ) {
    return inPackage(scope.directory, scope.manifest, subpath, conditions) ?? { kind: "named", package: packageName };
  }
  const directory = linkedDirectory(packageName, dirname(importer));
  const manifest = directory === undefined ? undefined : manifestIn(directory);
  if (directory === undefined || manifest === undefined) return { kind: "named", package: packageName };
  return inPackage(directory, manifest, subpath, conditions) ?? { kind: "named", package: packageName };
}

function inPackage(
  directory: string,
  { exports, main }: PackageManifest,
  subpath: string,
  conditions: ReadonlySet<string>,
): FoundModule | undefined {
  const target =
    exports !== undefined
      ? packageTarget(exports, subpath, conditions)
      : subpath === "." && typeof main === "string"
        ? main
        : subpath;
  const found = target === undefined ? undefined : userFile(join(directory, target));
  return found?.kind === "user" ? found : undefined;
}

/** Where a package of a workspace really lies; undefined for one that is installed, or not there. */
function linkedDirectory(name: string, from: string): string | undefined {
  for (let at = from; ; at = dirname(at)) {
    const directory = join(at, "node_modules", name);
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) {
      const real = realpathSync(directory);
      const isInstalled = /[\\/]node_modules[\\/]/.test(real) || isGloamFile(join(real, "index.js"));
      return isInstalled ? undefined : real;
    }
    if (dirname(at) === at) return undefined;
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Names in `import` are parts of URLs, those in `require` of paths. */
function decoded(name: string, by: "import" | "require"): string {
  if (by === "require" || !name.includes("%")) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
