import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Path of one of this folder's Python programs. By the package's name: a built module lies elsewhere than its source. */
export function pythonProgram(name: string): string {
  const manifest = createRequire(import.meta.url).resolve("@gloam/cli/package.json");
  return join(dirname(manifest), "src", "mesos", `${name}.py`);
}
