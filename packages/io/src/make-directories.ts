import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a directory and the parents that it lacks, and gives the first that was made; undefined when it is there already.
 * Node's own way of doing so tries for ever where a parent is there and yet nothing can be made in it, as under `/proc`.
 */
export async function makeDirectories(directory: string): Promise<string | undefined> {
  try {
    return (await makeOne(directory)) ? directory : undefined;
  } catch (error) {
    const parent = dirname(directory);
    if (codeOf(error) !== "ENOENT" || parent === directory) throw error;
    const first = await makeDirectories(parent);
    const made = await makeOne(directory);
    return first ?? (made ? directory : undefined);
  }
}

/** False where the directory is there already, perhaps made by somebody else at this moment. */
async function makeOne(directory: string): Promise<boolean> {
  try {
    await mkdir(directory);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST" && (await stat(directory)).isDirectory()) return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
