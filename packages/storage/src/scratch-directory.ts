import { dirname, join, resolve } from "node:path";
import { GloamError, isGloamError } from "@gloam/common";
import { BufferedFile } from "./buffered-file.ts";
import { nodeFileOperations, type FileOperations } from "./file-operations.ts";
import { scratchHint } from "./scratch-hint.ts";

/** Bytes that `probe` writes: more than file systems keep in an inode, so that a full one refuses them. */
const probeBytes = 4096;

/** What a scratch directory is made of. */
export interface ScratchDirectoryOptions {
  /** The directory itself: `scratchDirectoryPath`. Its parent must exist. */
  readonly path: string;
  /** Begins the names of this thread's files; no other thread of the directory may use it. */
  readonly prefix: string;
  readonly operations?: FileOperations;
}

/** `local.dir`/gloam-<pid>-<random>: one for each driver or executor process. */
export function scratchDirectoryPath(localDirectory: string, processId: number, random: string): string {
  return join(localDirectory, `gloam-${processId}-${random}`);
}

/** The file that tells whether a scratch directory can be used: there for less than a millisecond, unless its process is killed then. */
export function probePath(path: string): string {
  return `${path}-probe`;
}

/**
 * A process's directory for temporary files, as one of its threads sees it. It is made with the first file: a killed process
 * that needed no disk leaves none behind. All failures are GLOAM_SCRATCH_UNUSABLE.
 */
export class ScratchDirectory {
  readonly path: string;
  readonly #prefix: string;
  readonly #operations: FileOperations;
  #made = false;
  #files = 0;

  constructor(options: ScratchDirectoryOptions) {
    this.path = options.path;
    this.#prefix = options.prefix;
    this.#operations = options.operations ?? nodeFileOperations;
  }

  /**
   * A new file. A private one has no name as soon as it is open (where the system allows that): nothing stays behind
   * even when the process is killed. Others can be opened by path until they are deleted.
   */
  createFile(visibility: "private" | "named"): BufferedFile {
    const path = this.reservePath();
    this.guard(path, () => this.#make());
    return this.#file(path, visibility);
  }

  /** Makes a new, empty directory, and gives its absolute path. */
  createDirectory(): string {
    const path = resolve(this.reservePath());
    this.guard(path, () => {
      this.#make();
      this.#operations.mkdirSync(path, { mode: 0o700 });
    });
    return path;
  }

  /** Deletes a directory that `createDirectory` made, with everything in it. One that is gone already is no error. */
  deleteDirectory(path: string): void {
    this.guard(path, () => this.#operations.rmSync(path, { recursive: true, force: true, maxRetries: 3 }));
  }

  /** A path of a named file that may be made later. */
  reservePath(): string {
    return join(this.path, `${this.#prefix}-${this.#files++}`);
  }

  /** The named file of a reserved path. */
  createFileAt(path: string): BufferedFile {
    this.guard(path, () => this.#make());
    return this.#file(path, "named");
  }

  /**
   * Finds out before anything needs it whether the directory can be made and written: by a file of 4 KiB beside it, which is
   * gone again afterwards. A millisecond at most.
   */
  probe(): void {
    const file = this.#file(probePath(this.path), "private");
    try {
      file.append(new Uint8Array(probeBytes).fill(1));
      file.flush();
    } finally {
      file.delete();
    }
  }

  /** Runs a file operation; its failure names the directory, the file and the errno, and says what to do. */
  guard<T>(path: string, action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (isGloamError(error)) throw error;
      throw new GloamError(
        "GLOAM_SCRATCH_UNUSABLE",
        `cannot use the directory for temporary files ${this.path}: ${reason(error)} (file ${path})`,
        { cause: error, hint: scratchHint(errorNumber(error), dirname(this.path)) },
      );
    }
  }

  /** Deletes a named file of any thread. One that is gone already is no error. */
  deleteFile(path: string): void {
    try {
      this.#operations.unlinkSync(path);
    } catch (error) {
      if (errorNumber(error) !== "ENOENT") this.guard(path, () => raise(error));
    }
  }

  /** Deletes the directory with everything in it. For its owner, after all threads ended. */
  remove(): void {
    try {
      this.#operations.rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      // Where the parent is a file, it was never made.
      if (errorNumber(error) !== "ENOTDIR") this.guard(this.path, () => raise(error));
    }
    this.#made = false;
  }

  #file(path: string, visibility: "private" | "named"): BufferedFile {
    return new BufferedFile(path, visibility === "private" && process.platform !== "win32", this.#operations, this);
  }

  #make(): void {
    if (this.#made) return;
    try {
      this.#operations.mkdirSync(this.path, { mode: 0o700 });
    } catch (error) {
      if (errorNumber(error) !== "EEXIST") throw error;
    }
    this.#made = true;
  }
}

/** A system error's name, such as ENOSPC; undefined for other errors. */
function errorNumber(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function raise(error: unknown): never {
  throw error;
}
