import { loadFunctions, needsTypeScript, type CapturedFunction, type FunctionFactory } from "@gloam/closure";
import { userModuleLoader } from "@gloam/common";
import { importsOf } from "./imported-modules.ts";
import type { ImportedModules } from "./task-messages.ts";

let typeScript: Promise<unknown> | undefined;

/**
 * Rebuilds functions with the modules that they refer to.
 * @param modules Where those of the user's program lie; undefined where they are found as on the driver.
 */
export async function loadUserFunctions(
  captured: readonly CapturedFunction[],
  modules: ImportedModules | undefined,
): Promise<FunctionFactory> {
  await prepareUserModules(captured, modules);
  if (modules?.isMapped === true) process.setSourceMapsEnabled(true);
  return loadFunctions(captured, { ...importsOf(modules), inTurns: true });
}

/**
 * Prepares this thread for modules that are imported from where the user has them: with the loader of `gloam run` where the driver
 * runs under it, else with tsx where they are TypeScript. Nothing is loaded for functions that refer to none.
 */
async function prepareUserModules(
  captured: readonly CapturedFunction[],
  sent: ImportedModules | undefined,
): Promise<void> {
  const others = captured.flatMap(({ modules }) => modules).filter((module) => sent?.files.has(module) !== true);
  const loader = userModuleLoader();
  if (loader !== undefined && others.length > 0) await import(loader);
  else if (needsTypeScript(others)) await (typeScript ??= registerTsx());
}

async function registerTsx(): Promise<void> {
  const { register } = await import("tsx/esm/api");
  register();
}
