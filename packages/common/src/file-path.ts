import { fileURLToPath } from "node:url";

/**
 * The path of a file that stacks and source maps name, by its path or as a `file:` URL. What they say is what anybody wrote there: a URL
 * that names no path of this system, such as `file://bundle/a.js`, stays as it is.
 */
export function filePath(file: string): string {
  if (!file.startsWith("file:")) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return file;
  }
}
