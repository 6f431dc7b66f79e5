import { Buffer } from "node:buffer";
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { FileOutput } from "./file-output.ts";
import { keyDirectory } from "./key-directory.ts";
import { committedParts } from "./keyed-output.ts";
import { createAttempt, partName, writingSync, type PartAttempt, type PartFileResult } from "./part-file.ts";

/** Files that are open at a time. */
const mostOpen = 64;
/** Units of text that wait, of one key and of all. */
const keyUnits = 64 * 1024;
const allUnits = 2 ** 22;

/** One key's file. */
interface KeyFile {
  readonly path: string;
  /** What is to be written. */
  pending: string;
  /** While it is open. */
  file: number | undefined;
}

/**
 * One attempt's parts of an output by key: a directory with a file for each key, committed as a whole by one rename. However many
 * keys there are, few files are open; a key costs its name and its path in memory, and what waits to be written is bounded. A
 * compressed file has a gzip member for each piece that was written. All failures are GLOAM_OUTPUT_FAILED.
 */
export class KeyedParts {
  readonly #output: FileOutput;
  readonly #partition: number;
  readonly #attempt: string;
  readonly #files = new Map<string, KeyFile>();
  /** Open files, the one that was used last at the end. */
  readonly #open = new Set<KeyFile>();
  #pendingUnits = 0;
  #bytes = 0;
  #isCommitted = false;

  /** Creates the attempt's directory. */
  constructor(output: FileOutput, { stage, partition, attempt }: PartAttempt) {
    this.#output = output;
    this.#partition = partition;
    const base = join(output.attempts, `${partition}.${stage}-${attempt}`);
    [this.#attempt] = createAttempt(base, (path) => mkdirSync(path));
  }

  /** Appends a line to a key's file. */
  append(key: unknown, line: unknown): void {
    const name = keyDirectory(key);
    let file = this.#files.get(name);
    if (file === undefined) this.#files.set(name, (file = this.#create(name)));
    const before = file.pending.length;
    file.pending += `${String(line)}\n`;
    this.#pendingUnits += file.pending.length - before;
    if (file.pending.length >= keyUnits) this.#flush(file);
    if (this.#pendingUnits >= allUnits) this.#flushAll();
  }

  /** Writes what waits and closes all files. */
  finish(): PartFileResult {
    this.#flushAll();
    this.#closeAll();
    return { bytes: this.#bytes };
  }

  /** Makes the finished directory that of the task; at most one attempt of a task may. */
  commit(): void {
    const final = committedParts(this.#output, this.#partition);
    writingSync(final, () => {
      // Of an attempt that was committed, and whose executor was lost before it could say so.
      rmSync(final, { recursive: true, force: true });
      renameSync(this.#attempt, final);
    });
    this.#isCommitted = true;
  }

  /** Closes files, and removes them unless they were committed. */
  close(): void {
    this.#closeAll();
    if (!this.#isCommitted) writingSync(this.#attempt, () => rmSync(this.#attempt, { recursive: true, force: true }));
  }

  #create(name: string): KeyFile {
    const directory = join(this.#attempt, name);
    writingSync(directory, () => mkdirSync(directory));
    return { path: join(directory, partName(this.#output, this.#partition)), pending: "", file: undefined };
  }

  #flushAll(): void {
    for (const file of this.#files.values()) if (file.pending !== "") this.#flush(file);
  }

  #flush(key: KeyFile): void {
    const text = Buffer.from(key.pending);
    this.#pendingUnits -= key.pending.length;
    key.pending = "";
    this.#bytes += text.length;
    const bytes = this.#output.gzip ? gzipSync(text) : text;
    writingSync(key.path, () => {
      const file = (key.file ??= openSync(key.path, "a"));
      for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
    });
    this.#open.delete(key);
    this.#open.add(key);
    const [oldest] = this.#open;
    if (oldest !== undefined && this.#open.size > mostOpen) this.#close(oldest);
  }

  #close(key: KeyFile): void {
    const { file, path } = key;
    key.file = undefined;
    this.#open.delete(key);
    if (file !== undefined) writingSync(path, () => closeSync(file));
  }

  #closeAll(): void {
    for (const key of [...this.#open]) this.#close(key);
  }
}
