import { GloamError } from "@gloam/common";
import { checksum, type ChunkPlace } from "@gloam/storage";
import { open, type FileHandle } from "node:fs/promises";

/** Files that are kept open at once, besides those that are being read. */
const mostIdle = 64;

interface OpenFile {
  readonly handle: Promise<FileHandle>;
  readers: number;
}

type FilePlace = Extract<ChunkPlace, { readonly bytes: undefined }>;

/** Reads chunks of outputs that lie in files, on the threads that Node has for that, and keeps files open between reads. */
export class OutputFiles {
  /** Least recently used first. */
  readonly #files = new Map<string, OpenFile>();

  /** Files that are open. */
  get size(): number {
    return this.#files.size;
  }

  /**
   * Reads a chunk into `target`, which is as long, and checks it.
   * @throws GloamError `GLOAM_FETCH_FAILED` for a file that cannot be read, `GLOAM_BLOCK_CORRUPT` for other bytes than were written.
   */
  async read(place: FilePlace, target: Uint8Array): Promise<void> {
    const { path, offset, length } = place;
    const file = this.#take(path);
    let read = 0;
    try {
      const handle = await file.handle;
      while (read < length) {
        const { bytesRead } = await handle.read(target, read, length - read, offset + read);
        if (bytesRead === 0) break;
        read += bytesRead;
      }
    } catch (cause) {
      throw new GloamError("GLOAM_FETCH_FAILED", `cannot read ${path}: ${String(cause)}`, { cause });
    } finally {
      file.readers--;
      this.#closeIdle(mostIdle);
    }
    if (read < length) throw new GloamError("GLOAM_BLOCK_CORRUPT", `${path} ends at ${offset + read}`);
    if (checksum(target) !== place.checksum) {
      throw new GloamError("GLOAM_BLOCK_CORRUPT", `the checksum of ${length} bytes at ${offset} in ${path} is wrong`);
    }
  }

  /** Closes a file that will be deleted; nobody reads it. */
  forget(path: string): void {
    const file = this.#files.get(path);
    if (file === undefined) return;
    this.#files.delete(path);
    close(file);
  }

  /** Closes all files that are not being read. */
  close(): void {
    this.#closeIdle(0);
  }

  #take(path: string): OpenFile {
    const file = this.#files.get(path) ?? this.#open(path);
    this.#files.delete(path);
    this.#files.set(path, file);
    file.readers++;
    return file;
  }

  #open(path: string): OpenFile {
    const file = { handle: open(path, "r"), readers: 0 };
    file.handle.catch(() => {
      // Whoever reads next tries again: too many files may have been open.
      if (this.#files.get(path) === file) this.#files.delete(path);
    });
    return file;
  }

  #closeIdle(most: number): void {
    if (this.#files.size <= most) return;
    for (const [path, file] of this.#files) {
      if (file.readers > 0) continue;
      this.#files.delete(path);
      close(file);
      if (this.#files.size <= most) return;
    }
  }
}

function close({ handle }: OpenFile): void {
  // A file that could not be opened has failed its reader; one that cannot be closed has nothing to lose.
  handle.then((opened) => opened.close()).catch(() => undefined);
}
