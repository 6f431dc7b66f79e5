import { Buffer, constants } from "node:buffer";
import { GloamError } from "@gloam/common";
import type { ByteStream } from "./byte-stream.ts";
import { decodeLines } from "./decode-lines.ts";

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

  constructor(options: LineReaderOptions) {
    this.#options = options;
    this.#batchBytes = options.batchBytes ?? 64 * 1024;
    this.#buffer = Buffer.allocUnsafeSlow(options.readBytes ?? 256 * 1024);
    this.#ownedEnd = options.ownedBytes;
  }

  /** The next lines, at least one; undefined at the end. */
  next(): string[] | undefined {
    if (!this.#begun) {
      this.#begun = true;
      if (this.#options.fileStart) return this.#nextLines(true);
      this.#skipLine();
    }
    return this.#nextLines(false);
  }

  /** Closes the stream. */
  close(): void {
    this.#options.stream.close();
  }

  #nextLines(fileStart: boolean): string[] | undefined {
    for (;;) {
      if (this.#from >= this.#ownedEnd) return undefined;
      const cut = this.#cut();
      if (cut > 0) {
        const from = this.#from;
        this.#from = cut;
        return this.#decode(from, cut - 1, fileStart);
      }
      if (!this.#ended) {
        this.#fill();
        continue;
      }
      const from = this.#from;
      this.#from = this.#to;
      if (from === this.#to || (fileStart && this.#to - from === byteOrderMark.length && this.#hasMark(from)))
        return undefined;
      return this.#decode(from, this.#to, fileStart);
    }
  }

  /** End of the lines for the next batch, behind a newline; 0 when more has to be read. */
  #cut(): number {
    const window = this.#from + this.#batchBytes;
    // The last line of the part is the one with the first newline from its last byte on.
    if (window >= this.#ownedEnd) return this.#newlineFrom(this.#ownedEnd - 1) + 1;
    if (window >= this.#to) {
      const full = this.#from === 0 && this.#to === this.#buffer.length;
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
    if (this.#to === this.#buffer.length) this.#enlarge();
    const read = this.#options.stream.read(this.#buffer, this.#to, this.#buffer.length - this.#to);
    this.#to += read;
    this.#ended = read === 0;
    return read > 0;
  }

  #enlarge(): void {
    if (this.#to > constants.MAX_STRING_LENGTH) {
      throw new GloamError(
        "GLOAM_INPUT_UNREADABLE",
        `${this.#options.path} has a line of more than ${constants.MAX_STRING_LENGTH} bytes, the length of the longest string`,
      );
    }
    const larger = Buffer.allocUnsafeSlow(this.#buffer.length * 2);
    this.#buffer.copy(larger, 0, 0, this.#to);
    this.#buffer = larger;
  }

  #decode(from: number, to: number, fileStart: boolean): string[] {
    return decodeLines(this.#buffer, fileStart && this.#hasMark(from) ? from + byteOrderMark.length : from, to);
  }

  #hasMark(at: number): boolean {
    return (
      this.#to - at >= byteOrderMark.length && byteOrderMark.every((byte, index) => this.#buffer[at + index] === byte)
    );
  }
}
