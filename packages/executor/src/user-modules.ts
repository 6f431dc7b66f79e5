import { needsTypeScript, type CapturedFunction } from "@gloam/closure";
import { userModuleLoader } from "@gloam/common";

let typeScript: Promise<unknown> | undefined;

/**
 * Prepares this thread for the modules that functions refer to: with the loader of `gloam run` where the driver runs under
 * it, else with tsx where they are TypeScript. Nothing is loaded for functions that refer to none.
 */
export async function prepareUserModules(captured: readonly CapturedFunction[]): Promise<void> {
  const loader = userModuleLoader();
  if (loader !== undefined && captured.some(({ modules }) => modules.length > 0)) await import(loader);
  else if (captured.some(needsTypeScript)) await (typeScript ??= registerTsx());
}

async function registerTsx(): Promise<void> {
  const { register } = await import("tsx/esm/api");
  register();
}
