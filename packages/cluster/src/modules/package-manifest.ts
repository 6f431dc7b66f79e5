import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a `package.json` says of how its modules are found and run. */
export interface PackageManifest {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly main?: unknown;
  readonly exports?: unknown;
  readonly imports?: unknown;
}

/** A `package.json` and the directory where it lies. */
export interface PackageScope {
  readonly directory: string;
  readonly manifest: PackageManifest;
}

/** The `package.json` of a directory; undefined without one that can be read. */
export function manifestIn(directory: string): PackageManifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    return typeof manifest === "object" && manifest !== null ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** The nearest `package.json` at or above a directory, which says how the files below it are run. */
export function packageScopeOf(directory: string): PackageScope | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const manifest = manifestIn(at);
    if (manifest !== undefined) return { directory: at, manifest };
    if (dirname(at) === at) return undefined;
  }
}
