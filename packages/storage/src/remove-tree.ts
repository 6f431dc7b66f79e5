import { chmodSync, readdirSync, rmSync, type RmOptions } from "node:fs";
import { join } from "node:path";

/**
 * `rmSync`, also of directories that whoever made them has made read-only, as piped commands do: Go's module cache, for one. It lets this
 * user write in them first, where that is what is in the way.
 */
export function removeTree(path: string, options: RmOptions): void {
  try {
    rmSync(path, options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (options.recursive !== true || (code !== "EACCES" && code !== "EPERM")) throw error;
    makeWritable(path);
    rmSync(path, options);
  }
}

function makeWritable(directory: string): void {
  chmodSync(directory, 0o700);
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(join(directory, entry.name));
  }
}
