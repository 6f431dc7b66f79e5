import { importFromBase, moduleKey, type LoadOptions } from "@gloam/closure";
import { describeFile, GloamError } from "@gloam/common";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { ImportedModules } from "./task-messages.ts";

/** How functions import: modules that the driver has sent from where they lie, packages from where this machine has them. */
export function importsOf(
  modules: ImportedModules | undefined,
): Required<Pick<LoadOptions, "importModule" | "requireFrom">> {
  const fileOf = (url: string): string | undefined => modules?.files.get(url);
  return {
    async importModule(specifier, base) {
      const file = fileOf(base === "" ? specifier : moduleKey({ specifier, base }));
      try {
        if (file !== undefined) return (await import(file)) as unknown;
        return await importFromBase(specifier, base).catch((error: unknown) => {
          if (!isBare(specifier) || !isNotFound(error)) throw error;
          return import(specifier) as Promise<unknown>;
        });
      } catch (error) {
        throw namingTheUsers(error, modules);
      }
    },
    requireFrom(base) {
      const own = createRequire(base);
      const require = (name: string): unknown => {
        const url = /^\.{1,2}\//.test(name) ? new URL(name, base.startsWith("/") ? `file://${base}` : base).href : name;
        const file = fileOf(url);
        // JSON lies there in two forms.
        return own(
          file === undefined ? name : fileURLToPath(url.endsWith(".json") ? file.replace(/mjs$/, "json") : file),
        );
      };
      return Object.assign(require, own);
    },
  };
}

/** The file of a sent module in a message or stack, however it is named there. */
const sentFile = /[^\s'"()]*?([0-9a-f]{16}\/[0-9a-f]{32}\.(?:mjs|cjs|json))/g;

/** The error in the user's words: files by the names that the user knows. */
function namingTheUsers(error: unknown, modules: ImportedModules | undefined): unknown {
  if (!(error instanceof Error)) return error;
  const users = new Map<string, string>();
  for (const [url, file] of modules?.files ?? []) users.set(file.slice(-nameLength(file)), url);
  const named = (text: string): string =>
    text.replace(sentFile, (whole, path: string) => {
      const url = users.get(path);
      return url === undefined ? whole : describeFile(url);
    });
  const message = named(error.message);
  const found = /^Cannot find package '([^']+)' imported from (\S+)/.exec(message);
  if (found !== null) {
    const [, name, importer] = found;
    return new GloamError(
      "GLOAM_MODULE_NOT_LOADED",
      `package '${name}', which ${importer} imports, is not on this machine`,
      {
        cause: error,
        hint: "install it where the executor runs, beside Gloam or where your program has it",
      },
    );
  }
  const stack = error.stack === undefined ? undefined : named(error.stack);
  try {
    error.message = message;
    if (stack !== undefined) error.stack = stack;
  } catch {
    // A frozen error keeps its words.
  }
  return error;
}

/** Length of `DIRECTORY/NAME.mjs` at the end of a sent module's URL. */
function nameLength(file: string): number {
  return 16 + 1 + 32 + file.length - file.lastIndexOf(".");
}

function isBare(specifier: string): boolean {
  return !/^(?:[a-z][a-z+.-]*:|\.{0,2}\/)/i.test(specifier);
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}
