import { realpathSync, statSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

let declared: string | undefined;

/**
 * Says which file is the main program, for hosts that run it themselves, such as a command that imports the user's script. Functions
 * and data of the main program travel by value, because executors must not run it again.
 *
 * @param url URL or absolute path of the file.
 */
export function setMainProgram(url: string): void {
  declared = fileUrl(url);
}

/** Whether a script is the main program: the entry file or bundle, or under vitest the test file. */
export function isMainProgram(scriptUrl: string): boolean {
  return scriptUrl === (declared ?? testFile() ?? entryFile());
}

/** Whether executors can import a script; code from `node -e`, a REPL or `eval` cannot be imported. */
export function isImportable(scriptUrl: string): boolean {
  return /^(file|https?|data):/.test(scriptUrl);
}

/** A script's URL as V8 knows it, without a loader's query; CommonJS scripts are known by their path. */
export function fileUrl(scriptUrl: string): string {
  if (scriptUrl.startsWith("/") || /^[A-Za-z]:\\/.test(scriptUrl)) return pathToFileURL(scriptUrl).href;
  return scriptUrl.startsWith("file:") ? scriptUrl.replace(/[?#].*$/, "") : scriptUrl;
}

function testFile(): string | undefined {
  const worker = (globalThis as { __vitest_worker__?: { filepath?: string } }).__vitest_worker__;
  return worker?.filepath === undefined ? undefined : fileUrl(worker.filepath);
}

let entry: string | undefined;

/** Path of the file that Node.js was started with; undefined for `node -e` and the like. */
function entryPath(): string | undefined {
  const path = process.argv[1];
  if (entry === undefined && path !== undefined) {
    entry = "";
    for (const candidate of [path, `${path}.js`, `${path}/index.js`]) {
      // Node.js itself tries the next candidate in this order.
      if (statSync(candidate, { throwIfNoEntry: false })?.isFile() !== true) continue;
      entry = realpathSync(candidate);
      break;
    }
  }
  return entry === "" ? undefined : entry;
}

function entryFile(): string | undefined {
  const path = entryPath();
  return path === undefined ? undefined : pathToFileURL(path).href;
}

/** The directory that vite's root-relative names start at, under vitest. */
export function viteRoot(): string | undefined {
  return (globalThis as { __vitest_worker__?: { config?: { root?: string } } }).__vitest_worker__?.config?.root;
}

/** A file URL as a path for messages and stacks; anything else as it is. */
export function displayPath(url: string): string {
  return url.startsWith("file:") ? fileURLToPath(url) : url;
}
