import { GloamError } from "@gloam/common";
import type { ClusterBackend } from "@gloam/scheduler";

/** Names a backend so that another thread can make it. */
export interface BackendModule {
  /** Specifier of the module, as the scheduling thread imports it: of a package, or a `file:` URL. */
  readonly module: string;
  /** Name of its export: a function that takes the options and gives a `ClusterBackend`. */
  readonly export: string;
  /** Plain data: it is cloned to the thread, but for shared memory, which is shared. */
  readonly options: unknown;
}

/**
 * Imports the module and makes the backend.
 * @throws GloamError `GLOAM_INTERNAL` where the module has no such function; whatever module and function throw
 */
export async function makeBackend({ module, export: name, options }: BackendModule): Promise<ClusterBackend> {
  const exports = (await import(module)) as Readonly<Record<string, unknown>>;
  const make = exports[name];
  if (typeof make !== "function") throw new GloamError("GLOAM_INTERNAL", `${module} has no backend '${name}'`);
  return (make as (options: unknown) => ClusterBackend)(options);
}
