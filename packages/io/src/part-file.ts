import { Buffer } from "node:buffer";
import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { TextJoiner } from "@gloam/arrow";
import { GloamError } from "@gloam/common";
import type { FileOutput } from "./file-output.ts";

/** Bytes that are written at once: few enough to stay in the processor's cache until they are. */
const plainBytes = 256 * 1024;
/** Bytes that are compressed and written at once. */
const gzipBytes = 2 ** 20;
/** UTF-8 takes at most three bytes for each unit of a JavaScript string. */
const bytesPerUnit = 3;

/** What a task wrote; plain data. */
export interface PartFileResult {
  /** Bytes of the part before compression. */
  readonly bytes: number;
}

/** One attempt at one part of an output. */
export interface PartAttempt {
  readonly stage: number;
  readonly partition: number;
  readonly attempt: number;
}

/** The name of a partition's part. */
export function partName({ gzip }: FileOutput, partition: number, extension = ""): string {
  return `part-${String(partition).padStart(5, "0")}${extension}${gzip ? ".gz" : ""}`;
}

/**
 * One attempt's part of an output: written under a name of its own, then committed by a rename, once a task. All
 * failures are GLOAM_OUTPUT_FAILED with path and errno. A compressed part is a gzip member for each MiB: that
 * needs no state between pieces and costs less than a thousandth in size.
 */
export class PartFile {
  readonly #final: string;
  readonly #temporary: string;
  readonly #gzip: boolean;
  readonly #buffer: Buffer;
  #file: number | undefined;
  #buffered = 0;
  #bytes = 0;
  #committed = false;

  /** Creates the attempt's file. */
  constructor(output: FileOutput, { stage, partition, attempt }: PartAttempt, extension = "") {
    const name = partName(output, partition, extension);
    this.#final = join(output.staging, name);
    this.#gzip = output.gzip;
    this.#buffer = Buffer.allocUnsafeSlow(output.gzip ? gzipBytes : plainBytes);
    const base = join(output.attempts, `${name}.${stage}-${attempt}`);
    const [path, file] = createAttempt(base, (candidate) => openSync(candidate, "wx"));
    this.#file = file;
    this.#temporary = path;
  }

  /** Appends text as UTF-8; lone surrogates become U+FFFD. */
  append(text: string): void {
    const most = text.length * bytesPerUnit;
    if (most > this.#buffer.length - this.#buffered) {
      this.#flush();
      if (most > this.#buffer.length) return this.#appendLarge(text);
    }
    this.#buffered += this.#buffer.write(text, this.#buffered);
  }

  /** Appends the `length` rows that a joiner has begun with. */
  appendJoined(joiner: TextJoiner, length: number): void {
    let row = 0;
    while (row < length) {
      const wasEmpty = this.#buffered === 0;
      const next = joiner.write(row, this.#buffer, this.#buffered);
      this.#buffered = joiner.position;
      if (next === row && wasEmpty) this.append(joiner.text(row++));
      else if (next < length) this.#flush();
      row = Math.max(row, next);
    }
  }

  /** Appends bytes. */
  appendBytes(bytes: Uint8Array): void {
    this.#flush();
    this.#writeLarge(bytes);
  }

  /** Writes what is buffered and closes the file. */
  finish(): PartFileResult {
    this.#flush();
    this.#close();
    return { bytes: this.#bytes };
  }

  /** Makes the finished file the task's part; at most one attempt of a task may. */
  commit(): void {
    writingSync(this.#final, () => renameSync(this.#temporary, this.#final));
    this.#committed = true;
  }

  /** Closes the file, and removes it unless it was committed. */
  close(): void {
    this.#buffered = 0;
    this.#close();
    if (!this.#committed) writingSync(this.#temporary, () => rmSync(this.#temporary, { force: true }));
  }

  #appendLarge(text: string): void {
    this.#writeLarge(Buffer.from(text));
  }

  #writeLarge(bytes: Uint8Array): void {
    const piece = this.#buffer.length;
    for (let start = 0; start < bytes.length; start += piece) this.#write(bytes.subarray(start, start + piece));
  }

  #flush(): void {
    if (this.#buffered === 0) return;
    const bytes = this.#buffer.subarray(0, this.#buffered);
    this.#buffered = 0;
    this.#write(bytes);
  }

  #write(piece: Uint8Array): void {
    this.#bytes += piece.length;
    const bytes = this.#gzip ? gzipSync(piece) : piece;
    writingSync(this.#temporary, () => {
      for (let done = 0; done < bytes.length;) done += writeSync(this.#file!, bytes, done);
    });
  }

  #close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) writingSync(this.#temporary, () => closeSync(file));
  }
}

/** Creates something that did not exist, and gives its path: another run of the same attempt may have left one. */
export function createAttempt<T>(path: string, create: (path: string) => T): [path: string, made: T] {
  for (let copy = 0; ; copy++) {
    const candidate = copy === 0 ? path : `${path}-${copy}`;
    try {
      return [candidate, create(candidate)];
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST") continue;
      throw failed(candidate, error);
    }
  }
}

/** Runs an operation on an output; the system's error becomes GLOAM_OUTPUT_FAILED with the path. */
export function writingSync<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw failed(path, error);
  }
}

function failed(path: string, error: unknown): GloamError {
  return new GloamError("GLOAM_OUTPUT_FAILED", `cannot write ${path}: ${String(error)}`, { cause: error });
}
