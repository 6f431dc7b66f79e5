import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { removeTree } from "./remove-tree.ts";

/** The part of `node:fs` that temporary files need; tests put disk errors in its place. */
export interface FileOperations {
  mkdirSync(path: string, options: { readonly mode: number }): unknown;
  rmSync(
    path: string,
    options: { readonly recursive: boolean; readonly force: boolean; readonly maxRetries: number },
  ): void;
  openSync(path: string, flags: string, mode?: number): number;
  writeSync(file: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  readSync(file: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  closeSync(file: number): void;
  unlinkSync(path: string): void;
}

/** Node's own. */
export const nodeFileOperations: FileOperations = {
  mkdirSync,
  rmSync: removeTree,
  openSync,
  writeSync,
  readSync,
  closeSync,
  unlinkSync,
};

/** Reads until `bytes` is full or the file ends, and gives the number of bytes read. */
export function readFully(operations: FileOperations, file: number, bytes: Uint8Array, position: number): number {
  let done = 0;
  while (done < bytes.byteLength) {
    const read = operations.readSync(file, bytes, done, bytes.byteLength - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
