import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** Loads a CommonJS module at once, for what most programs that import this package need late or never. */
export function load(name: string): unknown {
  // A CommonJS bundle has no import.meta.url; what it does not hold then stands beside the program.
  const base =
    (import.meta.url as string | undefined) ?? pathToFileURL(process.argv[1] ?? `${process.cwd()}/main`).href;
  return createRequire(base)(name);
}
