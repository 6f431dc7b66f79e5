import type { ModuleReference } from "./value-graph.ts";

/** A module's name among those that were imported. */
export function moduleKey({ specifier, base }: Pick<ModuleReference, "specifier" | "base">): string {
  return `${specifier} ${base}`;
}
