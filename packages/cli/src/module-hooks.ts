import { compileModule, stripTypes, usesUsing } from "@gloam/common";
import * as nodeModule from "node:module";
import { fileURLToPath } from "node:url";
import { hasModuleSyntax, isJavaScript, isModule, isTypeScript, isUserFile, readSource } from "./module-format.ts";

/** What the hooks must know; plain data, because on older Node they run in a thread of their own. */
export interface UserModuleOptions {
  /** URL of a file of the installed `gloam`: where it is found for scripts that have no copy of their own. */
  readonly installation: string;
  /** URL of the script that is run. */
  readonly entry?: string | undefined;
}

/** A URL that a specifier means, and the format that its file will be taken for. */
interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
}

interface ResolveContext {
  readonly parentURL?: string | undefined;
}

type Strip = (source: string) => string;

/** From Node 22.13 on; other versions go through tsx. Not in the types of the oldest Node that is supported. */
const strip = (nodeModule as { stripTypeScriptTypes?: Strip }).stripTypeScriptTypes;

/** Whether this Node runs TypeScript by itself, syntax of the newest JavaScript included. */
export const stripsTypes =
  Number.parseInt(process.versions.node, 10) >= 24 &&
  Boolean((process.features as { typescript?: unknown }).typescript) &&
  strip !== undefined;

/** What Node's synchronous and asynchronous hooks have in common. */
export class ModuleHooks {
  readonly #options: UserModuleOptions;

  constructor(options: UserModuleOptions) {
    this.#options = options;
  }

  /** Where to look next for a specifier that was not found; rethrows what is not about a missing copy of gloam. */
  secondParent(specifier: string, error: unknown): string {
    const { code } = error as NodeJS.ErrnoException;
    const missing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
    if (!missing || !/^(?:gloam|@gloam\/[^/]+)(?:\/|$)/.test(specifier)) throw error;
    return this.#options.installation;
  }

  /** The resolved module with the format that it runs in. */
  withFormat<R extends Resolved>(resolved: R): R {
    if (isModule(resolved.url, this.#options.entry) !== true) return resolved;
    return { ...resolved, format: stripsTypes && isTypeScript(resolved.url) ? "module-typescript" : "module" };
  }

  /** The source of a file that this Node cannot load as it is; undefined for any other. */
  load(
    url: string,
    format: string | null | undefined,
  ): { format: string; source: string; shortCircuit: true } | undefined {
    if (!isUserFile(url)) return undefined;
    if (stripsTypes && strip !== undefined && isTypeScript(url)) {
      const source = readSource(url);
      const javaScript = url.endsWith(".tsx") ? undefined : stripTypes(source, strip);
      return {
        format: (format ?? (hasModuleSyntax(source) ? "module" : "commonjs")).replace("-typescript", ""),
        source: javaScript ?? compiled(source, url),
        shortCircuit: true,
      };
    }
    if (!stripsTypes && isJavaScript(url)) {
      const source = readSource(url);
      if (usesUsing(source)) return { format: format ?? "module", source: compiled(source, url), shortCircuit: true };
    }
    return undefined;
  }
}

function compiled(source: string, url: string): string {
  process.setSourceMapsEnabled(true);
  const require = nodeModule.createRequire(import.meta.url);
  return compileModule(source, fileURLToPath(url), require.resolve("tsx"));
}

let hooks: ModuleHooks | undefined;

/** For `module.register`: called in the hooks' thread. */
export function initialize(options: UserModuleOptions): void {
  hooks = new ModuleHooks(options);
}

/** For `module.register`. */
export async function resolve(
  specifier: string,
  context: ResolveContext,
  nextResolve: (specifier: string, context: ResolveContext) => Promise<Resolved>,
): Promise<Resolved> {
  if (hooks === undefined) return nextResolve(specifier, context);
  try {
    return hooks.withFormat(await nextResolve(specifier, context));
  } catch (error) {
    const parentURL = hooks.secondParent(specifier, error);
    return nextResolve(specifier, { ...context, parentURL });
  }
}

/** For `module.register`. */
export async function load(
  url: string,
  context: { readonly format?: string | null | undefined },
  nextLoad: (url: string, context: { readonly format?: string | null | undefined }) => Promise<unknown>,
): Promise<unknown> {
  return hooks?.load(url, context.format) ?? nextLoad(url, context);
}
