import { GloamError } from "@gloam/common";
import { runningTask, type AddedFile } from "@gloam/plan";
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPath, invalid } from "../arguments.ts";
import { GloamContext } from "../context.ts";
import type { Operation } from "../operation.ts";

/** What executors take of one file. */
const mostBytes = 32 * 2 ** 20;

declare module "../context.ts" {
  interface GloamContext {
    /**
     * Reads a file now, and gives it to the executors of jobs that begin from now on: functions find it by `files.get(name)`. Each executor
     * gets it once, by its SHA-256; changing it here later changes nothing there. A stage that several jobs need has the files
     * that were added before the first of them. Gives the name.
     *
     * @param path A path or `file:` URL of a file of at most 32 MiB.
     * @param name By which it is asked for, and which the file has on executors; that of the file when left out.
     * @throws GloamError `GLOAM_INPUT_UNREADABLE`, `GLOAM_INPUT_NOT_FOUND`; `GLOAM_ARGUMENT_INVALID` for a file that is too large, a
     * directory, a name with directories, and one that another content has already
     *
     * @example
     * const name = await gc.addFile("books/a.txt");
     * const lengths = gc.range(1).map(() => readFileSync(files.get(name), "utf8").length);
     * await lengths.collect(); // [27]
     */
    addFile(path: string | URL, name?: string): Promise<string>;
  }
}

GloamContext.prototype.addFile = async function (path, name): Promise<string> {
  const operation = this.operation("addFile");
  const given = checkPath(operation, path);
  const local = given.startsWith("file:") ? fileURLToPath(given) : given;
  const chosen = name ?? basename(local);
  if (typeof chosen !== "string" || chosen === "" || /[/\\\0]|^\.{1,2}$/.test(chosen) || chosen.length > 255) {
    throw invalid(operation, `${JSON.stringify(chosen)} is no name of a file without directories`);
  }
  const content = await readContent(operation, local);
  const hash = createHash("sha256").update(content).digest("hex");
  const known = this.addedFiles.get(chosen);
  if (known !== undefined && known.hash !== hash) {
    throw invalid(operation, `another file was added as '${chosen}'`, "give it another name");
  }
  this.addedFiles.set(chosen, { name: chosen, hash, content } satisfies AddedFile);
  return chosen;
};

/** Files that were added to the context by `gc.addFile`, for functions on executors. */
export const files = {
  /**
   * The path of an added file on this executor, to be read and not to be written.
   *
   * @throws GloamError `GLOAM_INPUT_NOT_FOUND` for a name that was not added, `GLOAM_NO_TASK` outside of a task
   */
  get(name: string): string {
    const task = runningTask();
    if (task === undefined) throw new GloamError("GLOAM_NO_TASK", "files.get was called outside of a task");
    return task.addedFile(name);
  },
};

/** Looks at what it is first: a pipe would never end, and a large file is not read in vain. */
async function readContent(operation: Operation, path: string): Promise<Uint8Array> {
  const found = await reading(operation, path, () => stat(path));
  if (!found.isFile()) {
    const kind = found.isDirectory() ? "a directory" : "no file with content of its own";
    throw invalid(
      operation,
      `${path} is ${kind}`,
      "add its files one by one, or put it where executors can read it themselves",
    );
  }
  checkLength(operation, path, found.size);
  const content = await reading(operation, path, () => readFile(path));
  // It may have grown meanwhile, and some files do not say how long they are.
  checkLength(operation, path, content.length);
  // Not of a pool: it is cloned to another thread.
  return new Uint8Array(content);
}

function checkLength(operation: Operation, path: string, bytes: number): void {
  if (bytes <= mostBytes) return;
  const told = `${path} has ${bytes} bytes, and executors take files of ${mostBytes}`;
  throw invalid(operation, told, "put it where executors can read it themselves");
}

async function reading<T>({ callSite }: Operation, path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const code = isMissing ? "GLOAM_INPUT_NOT_FOUND" : "GLOAM_INPUT_UNREADABLE";
    throw new GloamError(code, `cannot read ${path}: ${String(cause)}`, { cause, callSite, operation: "addFile" });
  }
}
