import { closeSync, openSync, readSync, type Dirent } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DirectoryEntry, FileSystem } from "./file-system.ts";

/** Files of this machine. */
export const localFileSystem: FileSystem = {
  async status(path) {
    try {
      const stats = await stat(path);
      if (stats.isFile()) return { kind: "file", bytes: stats.size };
      return stats.isDirectory() ? { kind: "directory" } : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },

  async list(directory) {
    const entries = await readdir(directory, { withFileTypes: true });
    const described = await Promise.all(entries.map((entry) => describe(directory, entry)));
    return described.filter((entry) => entry !== undefined);
  },

  async head(path, bytes) {
    const file = await open(path);
    try {
      const buffer = new Uint8Array(bytes);
      const { bytesRead } = await file.read(buffer, 0, bytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  },

  open(path) {
    const file = openSync(path, "r");
    return {
      read: (target, offset, length, position) => readSync(file, target, offset, length, position),
      close: () => closeSync(file),
    };
  },
};

/** Undefined for sockets, pipes and devices, and for links into nowhere. */
async function describe(directory: string, entry: Dirent): Promise<DirectoryEntry | undefined> {
  const { name } = entry;
  if (entry.isFile()) return { name, kind: "file", link: false };
  if (entry.isDirectory()) return { name, kind: "directory", link: false };
  if (!entry.isSymbolicLink()) return undefined;
  const target = await localFileSystem.status(join(directory, name));
  return target && { name, kind: target.kind, link: true };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && ["ENOENT", "ENOTDIR", "ELOOP"].includes(String(error.code));
}
