import * as nodeModule from "node:module";
import { ModuleHooks, stripsTypes, type UserModuleOptions } from "./module-hooks.ts";

interface Context {
  readonly parentURL?: string | undefined;
  readonly format?: string | null | undefined;
}

/** Node's synchronous hooks; not in the types of the oldest Node that is supported. */
type RegisterHooks = (hooks: {
  resolve(
    specifier: string,
    context: Context,
    nextResolve: (specifier: string, context: Context) => { url: string; format?: string | null },
  ): unknown;
  load(url: string, context: Context, nextLoad: (url: string, context: Context) => unknown): unknown;
}) => void;

let registered: Promise<void> | undefined;

/**
 * Lets this thread import the user's TypeScript and JavaScript as ES modules: by Node's own type stripping from version 24
 * on, by tsx below; what neither knows is compiled. `gloam` is found also from folders without node_modules. Once per
 * thread; later calls change nothing.
 */
export function registerUserModules(options: UserModuleOptions): Promise<void> {
  registered ??= register(options);
  return registered;
}

async function register(options: UserModuleOptions): Promise<void> {
  registerOwnHooks(options);
  if (stripsTypes) return;
  // Later hooks come first: tsx must find the formats that ours decide, or it takes modules for CommonJS.
  const tsx = await import("tsx/esm/api");
  tsx.register();
}

function registerOwnHooks(options: UserModuleOptions): void {
  const { registerHooks } = nodeModule as { registerHooks?: RegisterHooks };
  if (registerHooks === undefined) {
    nodeModule.register(new URL("module-hooks.js", import.meta.url), { data: options });
    return;
  }
  const hooks = new ModuleHooks(options);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        return hooks.withFormat(nextResolve(specifier, context));
      } catch (error) {
        return nextResolve(specifier, { ...context, parentURL: hooks.secondParent(specifier, error) });
      }
    },
    load: (url, context, nextLoad) => hooks.load(url, context.format) ?? nextLoad(url, context),
  });
}
