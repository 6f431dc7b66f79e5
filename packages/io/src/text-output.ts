import { readdir, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { GloamError, type CallSite } from "@gloam/common";
import { makeDirectories } from "./make-directories.ts";
import { localOutputPath } from "./output-path.ts";

/** An output directory being written: plain data, for the driver and for tasks. */
export interface TextOutput {
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
}

/** How a text output is written. */
export interface TextOutputOptions {
  /** A name that no other output of this directory has, such as `createIdentifier` gives. */
  readonly id: string;
  /** Whether parts are gzip files; false by default. */
  readonly gzip?: boolean;
  /** Where the user named the directory, for errors. */
  readonly callSite?: CallSite | undefined;
}

/**
 * Begins an output on the driver. Throws GLOAM_OUTPUT_EXISTS when something stands at the path, GLOAM_OUTPUT_FAILED when
 * its parent cannot be written.
 *
 * Tasks write into `<parent>/.<name>-<id>.tmp/_temporary`, each commits its part by renaming it one level up, and `commitJob`
 * renames that whole directory: readers see all parts and `_SUCCESS`, or nothing.
 */
export async function prepareTextOutput(pathOrUrl: string, options: TextOutputOptions): Promise<TextOutput> {
  const directory = localOutputPath(pathOrUrl);
  const staging = join(dirname(directory), `.${basename(directory)}-${options.id}.tmp`);
  const attempts = join(staging, "_temporary");
  await refuseExisting(directory, options.callSite);
  const madeParent = await writing(dirname(directory), () => makeDirectories(dirname(directory)), options);
  await writing(staging, () => makeDirectories(attempts), options);
  return { directory, staging, attempts, madeParent, gzip: options.gzip ?? false };
}

/**
 * Makes the output visible, on the driver, after `parts` tasks have committed. Throws GLOAM_OUTPUT_FAILED when a part is
 * missing or the file system refuses, GLOAM_OUTPUT_EXISTS when the directory was made by somebody else meanwhile.
 */
export async function commitJob(output: TextOutput, parts: number, callSite?: CallSite): Promise<void> {
  const { directory, staging, attempts } = output;
  await writing(staging, () => rm(attempts, { recursive: true, force: true }), { callSite });
  const present = (await writing(staging, () => readdir(staging), { callSite })).length;
  if (present !== parts) {
    throw new GloamError("GLOAM_OUTPUT_FAILED", `${staging} has ${present} parts where ${parts} were committed`, {
      callSite,
    });
  }
  await writing(staging, () => writeFile(join(staging, "_SUCCESS"), ""), { callSite });
  await refuseExisting(directory, callSite);
  await writing(directory, () => rename(staging, directory), { callSite });
}

/** Removes everything that the job wrote, on the driver. Nothing of it was visible. */
export async function abortJob(output: TextOutput): Promise<void> {
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

async function refuseExisting(directory: string, callSite: CallSite | undefined): Promise<void> {
  try {
    await stat(directory);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw failed(directory, error, callSite);
  }
  throw new GloamError("GLOAM_OUTPUT_EXISTS", `${directory} exists already`, { callSite });
}

async function writing<T>(
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
