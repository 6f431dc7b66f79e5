import { describeFile, GloamError } from "@gloam/common";
import { moduleKey, type CapturedFunction, type ModulePart } from "@gloam/closure";
import type { StageModules, UserModule } from "@gloam/scheduler";
import { isPackageName, mostModuleBytes } from "@gloam/protocol/module-limits";
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { compileUserModule, type CompiledModule } from "./compile-user-module.ts";
import { existingFile, findUserModule, isUserFile } from "./find-user-module.ts";
import { deepHashes, shortHash } from "./module-graph.ts";
import { writeJsonModule, writeModule, type PathOf } from "./write-module.ts";

/** Stages whose modules are kept ready. */
const mostGathered = 64;

/** A user's file as it was read last. */
interface ReadModule {
  readonly url: string;
  readonly path: string;
  /** Changes with the file. */
  readonly stamp: string;
  readonly compiled: CompiledModule;
  readonly targets: readonly (string | undefined)[];
  readonly packages: readonly string[];
  readonly hash: string;
  /** Imports that the module cannot do without, and that are not there. */
  readonly missing: readonly MissingModule[];
}

/** An import that names a file that is not there. */
interface MissingModule {
  readonly specifier: string;
  /** Where it stands in the user's file: `:LINE:COLUMN`, or nothing where that is not known. */
  readonly place: string;
}

/** A stage's modules, and what they were made of. */
interface Gathered {
  readonly read: ReadonlyMap<string, ReadModule>;
  readonly modules: StageModules;
}

/**
 * The modules of the user's program that functions import, as executors get them: with all that these import, read and compiled
 * here, where the files are, and evaluated nowhere. A file that has changed is read again; one that is gone is as it was.
 */
export class UserModules {
  readonly #files = new Map<string, ReadModule>();
  /** Files that functions' imports mean. */
  readonly #urls = new Map<string, string>();
  readonly #gathered = new Map<string, Gathered>();

  /**
   * Gathers what these modules need. About 1 ms a module the first time, 20 to 100 more for the first TypeScript on a Node.js
   * that cannot strip types, and 10 µs each later.
   *
   * @returns Undefined where the functions import no file of the user's.
   * @throws GloamError `GLOAM_MODULE_NOT_LOADED` with file and line for what does not parse, lacks a module or is too large.
   */
  gather(functions: readonly Pick<CapturedFunction, "modules" | "bases">[]): StageModules | undefined {
    const roots = rootsOf(functions);
    if (roots.length === 0) return undefined;
    const read = new Map<string, ReadModule>();
    const names = roots.flatMap((root) => {
      const url = fileOf(root) ?? this.#urls.get(root.name);
      if (url === undefined) return [];
      this.#urls.set(root.name, url);
      return [{ name: root.name, url }];
    });
    const wanted = names.map(({ url }) => url);
    for (let url = wanted.pop(); url !== undefined; url = wanted.pop()) {
      if (read.has(url)) continue;
      const module = this.#read(url);
      read.set(url, module);
      const [missing] = module.missing;
      if (missing !== undefined) throw notThere(module, missing);
      for (const target of module.targets) if (target !== undefined) wanted.push(target);
    }
    if (read.size === 0) return undefined;
    const key = names.map(({ name }) => name).join("\n");
    const known = this.#gathered.get(key);
    if (known !== undefined && isSame(known.read, read)) return known.modules;
    const modules = stageModules(names, read);
    if (this.#gathered.size >= mostGathered) this.#gathered.clear();
    this.#gathered.set(key, { read, modules });
    return modules;
  }

  #read(url: string): ReadModule {
    const path = fileURLToPath(url);
    const known = this.#files.get(url);
    const stats = statSync(path, { throwIfNoEntry: false });
    const stamp = stats && `${stats.mtimeMs} ${stats.ctimeMs} ${stats.size} ${stats.ino}`;
    if (known !== undefined && (stamp === undefined || known.stamp === stamp)) return known;
    const module = readModule(url, path, stamp ?? "");
    this.#files.set(url, module);
    return module;
  }
}

/** An import of a function that may mean a file of the user's. */
interface Root {
  /** By which executors are asked for it. */
  readonly name: string;
  readonly specifier: string;
  /** Where it is looked up from; empty for URLs. */
  readonly base: string;
}

function rootsOf(functions: readonly Pick<CapturedFunction, "modules" | "bases">[]): Root[] {
  const files = functions.flatMap(({ modules }) => modules).filter((specifier) => specifier.startsWith("file:"));
  const roots = new Map<string, Root>(files.map((name) => [name, { name, specifier: name, base: "" }]));
  for (const each of functions.flatMap(({ bases = [] }) => bases)) {
    const name = moduleKey(each);
    if (each.base.startsWith("file:")) roots.set(name, { name, ...each });
  }
  return [...roots.values()];
}

/** The URL of the user's file that an import means: packages have one where they are a workspace's, or what tsconfig.json makes of a name. */
function fileOf({ specifier, base }: Root): string | undefined {
  if (base !== "") {
    const found = findUserModule(specifier, fileURLToPath(base), "import");
    return found.kind === "user" ? found.url : undefined;
  }
  const file = existingFile(fileURLToPath(specifier.replace(/[?#].*$/, "")));
  return file !== undefined && isUserFile(file) ? pathToFileURL(file).href : undefined;
}

function readModule(url: string, path: string, stamp: string): ReadModule {
  const source = readText(path);
  const compiled = compileUserModule(path, source);
  const targets: (string | undefined)[] = [];
  const packages = new Set<string>();
  const missing: MissingModule[] = [];
  for (const part of compiled.parts) {
    const found =
      part.kind === "module"
        ? findUserModule(part.specifier, path, part.by === "require" ? "require" : "import")
        : undefined;
    targets.push(found?.kind === "user" ? found.url : undefined);
    if (found?.kind === "named" && found.package !== undefined && isPackageName(found.package)) {
      packages.add(found.package);
    }
    if (found?.kind === "other" && found.isMissing && part.kind === "module" && part.by === "declaration") {
      missing.push({ specifier: part.specifier, place: placeOf(part, compiled, source) });
    }
  }
  const hash = createHash("sha256").update(`${compiled.format}\n${compiled.text}`).digest("hex");
  return { url, path, stamp, compiled, targets, packages: [...packages], hash, missing };
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GloamError("GLOAM_MODULE_NOT_LOADED", `cannot read ${describeFile(path)}: ${reason}`, { cause });
  }
}

function stageModules(
  names: readonly { readonly name: string; readonly url: string }[],
  read: ReadonlyMap<string, ReadModule>,
): StageModules {
  const members = [...read.values()].map(({ url, hash, targets }) => {
    const own = targets.filter((target) => target !== undefined);
    return [url, { url, hash, targets: own }] as const;
  });
  const hashes = deepHashes(new Map(members));
  const pathOf: PathOf = (url, by) => {
    const format = read.get(url)?.compiled.format;
    const ending = format === "commonjs" ? "cjs" : format === "json" && by === "require" ? "json" : "mjs";
    return `${shortHash(dirname(fileURLToPath(url)), 16)}/${hashes.get(url)}.${ending}`;
  };
  const modules = [...read.values()].flatMap((module): UserModule[] => {
    const { url, compiled } = module;
    if (compiled.format !== "json") return [userModule(module, pathOf(url, "import"), writeModule(module, pathOf))];
    return [
      userModule(module, pathOf(url, "import"), writeJsonModule(compiled.text)),
      userModule(module, pathOf(url, "require"), compiled.text),
    ];
  });
  const isMapped = [...read.values()].some(({ compiled }) => compiled.mapped);
  const all = new Map([...read.keys()].map((url) => [url, pathOf(url, "import")]));
  for (const { name, url } of names) all.set(name, pathOf(url, "import"));
  return { names: [...all].map(([url, path]) => ({ url, path })), modules, isMapped };
}

function userModule({ path: file, packages }: ReadModule, path: string, text: string): UserModule {
  // Not of a pool: it is cloned to another thread.
  const source = new TextEncoder().encode(text);
  if (source.length > mostModuleBytes) {
    const message = `${describeFile(file)} has ${source.length} bytes, and executors take modules of ${mostModuleBytes}`;
    throw new GloamError("GLOAM_MODULE_NOT_LOADED", message, {
      hint: "read large data on the executors, or send it with a broadcast, instead of importing it",
    });
  }
  const hash = createHash("sha256").update(source).digest("hex");
  return { path, hash, source, home: dirname(file), packages };
}

function placeOf(
  { specifier, start }: ModulePart & { specifier: string },
  { mapped }: CompiledModule,
  source: string,
): string {
  const at = mapped ? Math.max(source.indexOf(`"${specifier}"`), source.indexOf(`'${specifier}'`)) : start;
  const before = source.slice(0, at);
  return at < 0 ? "" : `:${before.split("\n").length}:${at - before.lastIndexOf("\n")}`;
}

function notThere({ path }: ReadModule, { specifier, place }: MissingModule): GloamError {
  const message = `${describeFile(path)}${place} imports '${specifier}', which is not there`;
  return new GloamError("GLOAM_MODULE_NOT_LOADED", message, { hint: "mend the import, or add the file" });
}

function isSame(one: ReadonlyMap<string, ReadModule>, other: ReadonlyMap<string, ReadModule>): boolean {
  return one.size === other.size && [...one].every(([url, module]) => other.get(url) === module);
}
