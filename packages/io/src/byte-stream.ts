import { GloamError } from "@gloam/common";
import type { OpenFile } from "./file-system.ts";

/** Bytes from the first to the last, synchronously. */
export interface ByteStream {
  /** Fills `target` from `offset` on with up to `length` bytes and gives their number; 0 at the end. */
  read(target: Uint8Array, offset: number, length: number): number;
  close(): void;
}

/** The bytes `start .. end` of a file; GLOAM_INPUT_UNREADABLE when it is shorter by now or cannot be read. */
export class FileStream implements ByteStream {
  readonly #path: string;
  readonly #file: OpenFile;
  readonly #end: number;
  #position: number;

  constructor(path: string, file: OpenFile, start: number, end: number) {
    this.#path = path;
    this.#file = file;
    this.#position = start;
    this.#end = end;
  }

  read(target: Uint8Array, offset: number, length: number): number {
    const wanted = Math.min(length, this.#end - this.#position);
    if (wanted === 0) return 0;
    const read = reading(this.#path, () => this.#file.read(target, offset, wanted, this.#position));
    if (read === 0) {
      throw new GloamError(
        "GLOAM_INPUT_UNREADABLE",
        `${this.#path} has ${this.#position} bytes; when it was listed it had ${this.#end}`,
        { hint: "do not change input files while a job reads them" },
      );
    }
    this.#position += read;
    return read;
  }

  close(): void {
    this.#file.close();
  }
}

/** Runs an operation on an input file; the system's error becomes GLOAM_INPUT_UNREADABLE with the file's name. */
export function reading<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw new GloamError("GLOAM_INPUT_UNREADABLE", `cannot read ${path}: ${String(error)}`, { cause: error });
  }
}
