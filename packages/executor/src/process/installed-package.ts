import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Directory of a package on this machine: as the user's file would find it where the same file lies here, else beside Gloam, else from
 * the working directory. Gloam's own come from where this runs, so that there is one copy of them. Undefined where there is none.
 *
 * @param home Directory of the user's file, wherever that is.
 */
export function installedPackage(name: string, home: string): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  const isOwn = /^(?:gloam$|@gloam\/)/.test(name);
  for (const directory of isOwn ? [here, home] : [home, here, process.cwd()]) {
    const found = above(directory, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function above(directory: string, name: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const candidate = join(at, "node_modules", name);
    if (statSync(candidate, { throwIfNoEntry: false })?.isDirectory() === true) return candidate;
    if (dirname(at) === at) return undefined;
  }
}
