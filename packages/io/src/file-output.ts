import { readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { GloamError, type CallSite } from "@gloam/common";
import { makeDirectories } from "./make-directories.ts";
import { localOutputPath } from "./output-path.ts";

/** An output directory being written: plain data, for the driver and for tasks. */
export interface FileOutput {
  /** The directory that appears at the end. */
  readonly directory: string;
  /** Its sibling that collects committed parts and becomes it. */
  readonly staging: string;
  /** Where attempts write. */
  readonly attempts: string;
  /** The first parent directory that was made, if any. */
  readonly madeParent: string | undefined;
  /** Whether parts are gzip files. */
  readonly gzip: boolean;
  /** Whether it takes the place of a directory that is there already. */
  readonly overwrite: boolean;
}

/** How an output is written. */
export interface FileOutputOptions {
  /** A name that no other output of this directory has, such as `createIdentifier` gives. */
  readonly id: string;
  /** Whether parts are gzip files; false by default. */
  readonly gzip?: boolean | undefined;
  /** Whether it takes the place of a directory that is there already; false by default. */
  readonly overwrite?: boolean | undefined;
  /** Where the user named the directory, for errors. */
  readonly callSite?: CallSite | undefined;
}

/**
 * Begins an output on the driver. Throws GLOAM_OUTPUT_EXISTS when something stands at the path that is not to be overwritten,
 * GLOAM_OUTPUT_FAILED when its parent cannot be written.
 *
 * Tasks write into `<parent>/.<name>-<id>.tmp/_temporary`, each commits its part by renaming it one level up, and `commitJob`
 * renames that whole directory: readers see all parts and `_SUCCESS`, or nothing. What is overwritten stays as it is until then, so
 * that a job may read it, and makes way by two renames, one right after the other.
 */
export async function prepareOutput(pathOrUrl: string, options: FileOutputOptions): Promise<FileOutput> {
  const directory = localOutputPath(pathOrUrl, options.callSite);
  const staging = join(dirname(directory), `.${basename(directory)}-${options.id}.tmp`);
  const attempts = join(staging, "_temporary");
  const overwrite = options.overwrite ?? false;
  await refuseExisting(directory, overwrite, options.callSite);
  const madeParent = await writing(dirname(directory), () => makeDirectories(dirname(directory)), options);
  await writing(staging, () => makeDirectories(attempts), options);
  return { directory, staging, attempts, madeParent, gzip: options.gzip ?? false, overwrite };
}

/**
 * Makes the output visible, on the driver, after `parts` tasks have committed. Throws GLOAM_OUTPUT_FAILED when a part is
 * missing or the file system refuses, GLOAM_OUTPUT_EXISTS when the directory was made by somebody else meanwhile.
 */
export async function commitJob(output: FileOutput, parts: number, callSite?: CallSite): Promise<void> {
  const { staging, attempts } = output;
  await writing(staging, () => rm(attempts, { recursive: true, force: true }), { callSite });
  const present = (await writing(staging, () => readdir(staging), { callSite })).length;
  if (present !== parts) {
    throw new GloamError("GLOAM_OUTPUT_FAILED", `${staging} has ${present} parts where ${parts} were committed`, {
      callSite,
    });
  }
  await publish(output, callSite);
}

/** Makes what lies in `staging` the output. */
export async function publish({ directory, staging, overwrite }: FileOutput, callSite?: CallSite): Promise<void> {
  await writing(staging, () => writeFile(join(staging, "_SUCCESS"), ""), { callSite });
  const isThere = await refuseExisting(directory, overwrite, callSite);
  if (!isThere) return writing(directory, () => rename(staging, directory), { callSite });
  const old = `${staging}.old`;
  await writing(directory, () => rename(directory, old), { callSite });
  try {
    await writing(directory, () => rename(staging, directory), { callSite });
  } catch (error) {
    await writing(directory, () => rename(old, directory), { callSite });
    throw error;
  }
  await writing(old, () => rm(old, { recursive: true, force: true, maxRetries: 3 }), { callSite });
  return undefined;
}

/** Removes everything that the job wrote, on the driver. Nothing of it was visible. */
export async function abortJob(output: FileOutput): Promise<void> {
  await writing(output.staging, () => rm(output.staging, { recursive: true, force: true, maxRetries: 3 }), {});
  if (output.madeParent === undefined) return;
  for (let parent = dirname(output.directory); parent.length >= output.madeParent.length; parent = dirname(parent)) {
    try {
      await rmdir(parent);
    } catch {
      // Somebody else uses it by now: it stays.
      return;
    }
  }
}

/** Whether there is a directory that is to be overwritten. */
async function refuseExisting(directory: string, overwrite: boolean, callSite?: CallSite): Promise<boolean> {
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(directory)).isDirectory();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw failed(directory, error, callSite);
  }
  if (isDirectory && overwrite) return true;
  const what = isDirectory ? "exists already" : "is there already, and is no directory";
  throw new GloamError("GLOAM_OUTPUT_EXISTS", `${directory} ${what}`, { callSite });
}

/** Runs an operation on an output; the system's error becomes GLOAM_OUTPUT_FAILED with the path. */
export async function writing<T>(
  path: string,
  action: () => Promise<T>,
  { callSite }: { readonly callSite?: CallSite | undefined },
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw failed(path, error, callSite);
  }
}

function failed(path: string, error: unknown, callSite: CallSite | undefined): GloamError {
  return new GloamError("GLOAM_OUTPUT_FAILED", `cannot write ${path}: ${String(error)}`, { cause: error, callSite });
}
