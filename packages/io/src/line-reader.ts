import { Buffer, constants } from "node:buffer";
import { GloamError } from "@gloam/common";
import type { ByteStream } from "./byte-stream.ts";
import { decodeLines } from "./decode-lines.ts";
import { LineTexts } from "./line-texts.ts";

const newline = 10;
const byteOrderMark = [0xef, 0xbb, 0xbf];

/** What a line reader reads. */
export interface LineReaderOptions {
  /** Named in errors. */
  readonly path: string;
  readonly stream: ByteStream;
  /** Whether the stream begins a file, and not with the byte before the part to read. */
  readonly fileStart: boolean;
  /** Bytes of the stream in which lines of this part may begin. */
  readonly ownedBytes: number;
  /** Bytes that are read at once; 256 KiB by default. */
  readonly readBytes?: number;
  /**
   * Bytes that become one string and one batch; 64 KiB by default: V8 makes larger strings outside its young generation,
   * which takes twice as long (measured: 1,200 MB/s of lines against 500 to 600 with 256 KiB).
   */
  readonly batchBytes?: number;
}

/**
 * Lines in `from .. to` of a buffer, with newlines between them and none at the end. There is at least one byte more. They are not
 * longer than `batchBytes`, unless it is a single line.
 */
export interface LineBytes {
  readonly buffer: Buffer;
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts a stream of UTF-8 into lines, a batch at a time. Lines end with LF or CR LF; the last may end with the
 * stream.
 * A line belongs to the part in which its first byte lies: so a part begins with the byte before it, skips to the first
 * line that begins in it, and reads its last line to the end. Invalid UTF-8 becomes U+FFFD.
 */
export class LineReader {
  readonly #options: LineReaderOptions;
  readonly #batchBytes: number;
  #buffer: Buffer;
  /** Bytes that are read and not given out: `from .. to` of the buffer. */
  #from = 0;
  #to = 0;
  /** Where in the buffer the part ends: lines that begin there or later are not its own. */
  #ownedEnd: number;
  #ended = false;
  #begun = false;
  /** The lines that are given out next: `linesFrom .. linesTo` of the buffer. */
  #linesFrom = 0;
  #linesTo = 0;
  readonly #texts = new LineTexts();

  constructor(options: LineReaderOptions) {
    this.#options = options;
    this.#batchBytes = options.batchBytes ?? 64 * 1024;
    this.#buffer = bufferOf(options.readBytes ?? 256 * 1024);
    this.#ownedEnd = options.ownedBytes;
  }

  /** The next lines, at least one; undefined at the end. */
  next(): string[] | undefined {
    return this.#advance() ? decodeLines(this.#buffer, this.#linesFrom, this.#linesTo) : undefined;
  }

  /** The same without strings; valid until the next call. */
  nextTexts(): LineTexts | undefined {
    if (!this.#advance()) return undefined;
    this.#texts.fill(this.#buffer, this.#linesFrom, this.#linesTo);
    return this.#texts;
  }

  /** The same as one piece of the buffer, see `LineBytes`; valid until the next call. */
  nextBytes(): LineBytes | undefined {
    return this.#advance() ? { buffer: this.#buffer, from: this.#linesFrom, to: this.#linesTo } : undefined;
  }

  /** Closes the stream. */
  close(): void {
    this.#options.stream.close();
  }

  /** Finds the next lines; false at the end. */
  #advance(): boolean {
    if (this.#begun) return this.#findLines();
    this.#begun = true;
    const { fileStart } = this.#options;
    if (!fileStart) this.#skipLine();
    if (!this.#findLines()) return false;
    if (fileStart && this.#hasMark()) this.#linesFrom += byteOrderMark.length;
    // A file of nothing but a mark has no line.
    return this.#linesFrom < this.#to;
  }

  #findLines(): boolean {
    for (;;) {
      if (this.#from >= this.#ownedEnd) return false;
      const cut = this.#cut();
      if (cut > 0) {
        this.#linesFrom = this.#from;
        this.#linesTo = cut - 1;
        this.#from = cut;
        return true;
      }
      if (!this.#ended) {
        this.#fill();
        continue;
      }
      this.#linesFrom = this.#from;
      this.#linesTo = this.#to;
      this.#from = this.#to;
      return this.#linesFrom < this.#to;
    }
  }

  /** End of the lines for the next batch, behind a newline; 0 when more has to be read. */
  #cut(): number {
    const window = this.#from + this.#batchBytes;
    // The last line of the part is the one with the first newline from its last byte on.
    if (window >= this.#ownedEnd) return this.#newlineFrom(this.#ownedEnd - 1) + 1;
    if (window >= this.#to) {
      const full = this.#from === 0 && this.#to === capacity(this.#buffer);
      return this.#ended || full ? this.#newlineBefore(this.#to) : 0;
    }
    return this.#newlineBefore(window) || this.#newlineFrom(window) + 1;
  }

  /** Position behind the last newline in `from .. end`; 0 when there is none. */
  #newlineBefore(end: number): number {
    if (end <= this.#from) return 0;
    const at = this.#buffer.lastIndexOf(newline, end - 1);
    return at < this.#from ? 0 : at + 1;
  }

  /** Position of the first newline from `start` on; -1 when there is none yet. */
  #newlineFrom(start: number): number {
    if (start >= this.#to) return -1;
    const at = this.#buffer.indexOf(newline, start);
    return at < this.#to ? at : -1;
  }

  #skipLine(): void {
    for (;;) {
      const at = this.#newlineFrom(this.#from);
      this.#from = at < 0 ? this.#to : at + 1;
      if (at >= 0 || this.#from >= this.#ownedEnd || !this.#fill()) return;
    }
  }

  /** Reads more behind what is there; false at the stream's end. */
  #fill(): boolean {
    if (this.#ended) return false;
    if (this.#from > 0) {
      this.#buffer.copyWithin(0, this.#from, this.#to);
      this.#to -= this.#from;
      this.#ownedEnd -= this.#from;
      this.#from = 0;
    }
    if (this.#to === capacity(this.#buffer)) this.#enlarge();
    const read = this.#options.stream.read(this.#buffer, this.#to, capacity(this.#buffer) - this.#to);
    this.#to += read;
    this.#ended = read === 0;
    // What stands behind the last line must not depend on what was read before.
    if (this.#ended) this.#buffer[this.#to] = newline;
    return read > 0;
  }

  #enlarge(): void {
    if (this.#to > constants.MAX_STRING_LENGTH) {
      throw new GloamError(
        "GLOAM_INPUT_UNREADABLE",
        `${this.#options.path} has a line of more than ${constants.MAX_STRING_LENGTH} bytes, the length of the longest string`,
      );
    }
    const larger = bufferOf(capacity(this.#buffer) * 2);
    this.#buffer.copy(larger, 0, 0, this.#to);
    this.#buffer = larger;
  }

  /** Whether the next lines begin with a byte order mark. */
  #hasMark(): boolean {
    const from = this.#linesFrom;
    return (
      this.#to - from >= byteOrderMark.length &&
      byteOrderMark.every((byte, index) => this.#buffer[from + index] === byte)
    );
  }
}

/** A buffer with one byte more than is read into it: readers of texts look at the byte behind, and may put an end mark there. */
function bufferOf(bytes: number): Buffer {
  return Buffer.allocUnsafeSlow(bytes + 1);
}

function capacity(buffer: Buffer): number {
  return buffer.length - 1;
}
