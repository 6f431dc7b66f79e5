import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join, resolve } from "node:path";

/** What a `tsconfig.json` says of how TypeScript is compiled and found. */
export interface TypeScriptSettings {
  /** `compilerOptions`, those that it extends included. */
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  /** Directory that `paths` start at. */
  readonly pathsBase: string;
}

const known = new Map<string, TypeScriptSettings | undefined>();

/** The settings of the nearest `tsconfig.json` at or above a directory, read once. */
export function typeScriptSettingsOf(directory: string): TypeScriptSettings | undefined {
  if (known.has(directory)) return known.get(directory);
  const file = join(directory, "tsconfig.json");
  const parent = dirname(directory);
  const settings = existsSync(file)
    ? readSettings(file, 0)
    : parent === directory
      ? undefined
      : typeScriptSettingsOf(parent);
  known.set(directory, settings);
  return settings;
}

/** Files that an import may mean by `paths`, the best first; none where no pattern fits. */
export function pathCandidates(settings: TypeScriptSettings, specifier: string): string[] {
  const { paths } = settings.compilerOptions;
  if (typeof paths !== "object" || paths === null) return [];
  let best: { readonly length: number; readonly files: string[] } | undefined;
  for (const [pattern, targets] of Object.entries(paths)) {
    const [before = "", after] = pattern.split("*");
    const fits =
      after === undefined ? specifier === pattern : specifier.startsWith(before) && specifier.endsWith(after);
    if (!fits || specifier.length < pattern.length - 1 || !Array.isArray(targets)) continue;
    const length = after === undefined ? Infinity : before.length;
    if (length < (best?.length ?? 0)) continue;
    const star = after === undefined ? "" : specifier.slice(before.length, specifier.length - after.length);
    const files = (targets as unknown[]).map((target) =>
      resolve(settings.pathsBase, String(target).replace("*", star)),
    );
    best = { length, files };
  }
  return best?.files ?? [];
}

/** Files that extend each other deeper than this do so in a circle. */
const deepest = 20;

function readSettings(file: string, depth: number): TypeScriptSettings | undefined {
  const config = readJsonWithComments(file);
  if (config === undefined || depth > deepest) return undefined;
  const names: readonly unknown[] = [config["extends"]].flat();
  const inherited = names.map((name) => {
    const base = typeof name === "string" ? extendedFile(name, file) : undefined;
    return base === undefined ? undefined : readSettings(base, depth + 1);
  });
  const own =
    typeof config["compilerOptions"] === "object" ? (config["compilerOptions"] as Record<string, unknown>) : {};
  const compilerOptions = Object.assign({}, ...inherited.map((each) => each?.compilerOptions), own) as typeof own;
  const pathsBase =
    typeof own["baseUrl"] === "string"
      ? resolve(dirname(file), own["baseUrl"])
      : "paths" in own
        ? dirname(file)
        : inherited.findLast((each) => each?.compilerOptions["paths"] !== undefined)?.pathsBase;
  return { compilerOptions, pathsBase: pathsBase ?? dirname(file) };
}

function extendedFile(name: string, from: string): string | undefined {
  if (!isAbsolute(name) && !name.startsWith(".")) {
    const { resolve: find } = createRequire(from);
    for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
      try {
        return find(candidate);
      } catch {
        // The next one may be it.
      }
    }
    return undefined;
  }
  const path = resolve(dirname(from), name);
  return [path, `${path}.json`].find((candidate) => candidate.endsWith(".json") && existsSync(candidate));
}

function readJsonWithComments(file: string): Record<string, unknown> | undefined {
  try {
    const text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
    const bare = text.replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, "$1");
    return JSON.parse(bare.replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, "$1")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
