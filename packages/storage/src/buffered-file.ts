import type { ScratchFile } from "@gloam/plan";
import { GloamError } from "@gloam/common";
import { readFully, type FileOperations } from "./file-operations.ts";
import type { ScratchDirectory } from "./scratch-directory.ts";

/** Appended pieces are gathered into writes of this many bytes. */
const bufferBytes = 64 * 1024;

/** A temporary file: written from the start through a small buffer, readable at any time. */
export class BufferedFile implements ScratchFile {
  readonly path: string;
  readonly #operations: FileOperations;
  readonly #directory: ScratchDirectory;
  #file: number | undefined;
  #named: boolean;
  #buffer: Uint8Array | undefined;
  #buffered = 0;
  #written = 0;

  /** Made by `ScratchDirectory.createFile`. */
  constructor(path: string, unnamed: boolean, operations: FileOperations, directory: ScratchDirectory) {
    this.path = path;
    this.#operations = operations;
    this.#directory = directory;
    this.#file = directory.guard(path, () => operations.openSync(path, "wx+", 0o600));
    this.#named = true;
    if (unnamed) this.#unlink();
  }

  /** Bytes appended. */
  get length(): number {
    return this.#written + this.#buffered;
  }

  /** Appends a copy of the bytes and gives the offset at which they begin. */
  append(bytes: Uint8Array): number {
    const offset = this.length;
    if (this.#buffered + bytes.byteLength > bufferBytes) this.flush();
    if (bytes.byteLength > bufferBytes) {
      this.#write(bytes);
    } else {
      this.#buffer ??= new Uint8Array(bufferBytes);
      this.#buffer.set(bytes, this.#buffered);
      this.#buffered += bytes.byteLength;
    }
    return offset;
  }

  /** Reads exactly `length` bytes from `offset` into fresh memory. */
  read(offset: number, length: number): Uint8Array {
    this.flush();
    this.#buffer = undefined;
    const bytes = new Uint8Array(length);
    const read = this.#directory.guard(this.path, () => readFully(this.#operations, this.#open(), bytes, offset));
    if (read < length) {
      throw new GloamError(
        "GLOAM_SCRATCH_UNUSABLE",
        `the temporary file ${this.path} ends at ${offset + read} where ${length} bytes from ${offset} were asked for`,
      );
    }
    return bytes;
  }

  /** Writes what is buffered. */
  flush(): void {
    if (this.#buffered === 0) return;
    const bytes = this.#buffer!.subarray(0, this.#buffered);
    this.#buffered = 0;
    this.#write(bytes);
  }

  /** Writes what is buffered and closes the file, which stays on disk. */
  close(): void {
    this.flush();
    this.#close();
    this.#buffer = undefined;
  }

  /** Closes the file and deletes it. May be called again. */
  delete(): void {
    this.#buffered = 0;
    this.#buffer = undefined;
    this.#close();
    this.#unlink();
  }

  #write(bytes: Uint8Array): void {
    this.#directory.guard(this.path, () => {
      let done = 0;
      while (done < bytes.byteLength) {
        const position = this.#written;
        const written = this.#operations.writeSync(this.#open(), bytes, done, bytes.byteLength - done, position);
        done += written;
        this.#written += written;
      }
    });
  }

  #open(): number {
    if (this.#file === undefined) throw new GloamError("GLOAM_INTERNAL", `the temporary file ${this.path} is closed`);
    return this.#file;
  }

  #close(): void {
    const file = this.#file;
    if (file === undefined) return;
    this.#file = undefined;
    this.#directory.guard(this.path, () => this.#operations.closeSync(file));
  }

  #unlink(): void {
    if (!this.#named) return;
    this.#named = false;
    this.#directory.deleteFile(this.path);
  }
}
