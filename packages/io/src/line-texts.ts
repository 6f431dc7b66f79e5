import { Buffer, isAscii, isUtf8 } from "node:buffer";
import type { TextSpan } from "@gloam/common";
import type { Texts } from "@gloam/plan";
import { decodeLines } from "./decode-lines.ts";

const newline = 10;
const carriageReturn = 13;

/** Lines as they lie in a buffer, without a string for each. One object for many batches. */
export class LineTexts implements Texts {
  /** Number of lines. */
  length = 0;
  bytes: Buffer = Buffer.alloc(0);
  starts: Int32Array = new Int32Array(1024);
  ends: Int32Array = new Int32Array(1024);
  /** Whether all bytes are ASCII. */
  ascii = true;
  /** Where the lines are. */
  #from = 0;
  #to = 0;

  /**
   * Finds the lines in `from .. to` of a buffer, which hold no part of a line and no newline at the end, and at least one byte
   * behind. A carriage return at the end of a line is not part of it.
   */
  fill(buffer: Buffer, from: number, to: number): void {
    const part = buffer.subarray(from, to);
    const returns = part.includes(carriageReturn);
    this.bytes = buffer;
    this.#from = from;
    this.#to = to;
    this.ascii = isAscii(part);
    this.length = 0;
    for (let start = from; start <= to;) {
      const found = buffer.indexOf(newline, start);
      const end = found < 0 || found > to ? to : found;
      this.#add(start, returns && end > start && buffer[end - 1] === carriageReturn ? end - 1 : end);
      start = end + 1;
    }
  }

  /** Makes a span be line number `at`. */
  show(at: number, span: TextSpan): void {
    span.bytes = this.bytes;
    span.from = this.starts[at]!;
    span.to = this.ends[at]!;
    span.ascii = this.ascii;
  }

  isUtf8(): boolean {
    return isUtf8(this.bytes.subarray(this.#from, this.#to));
  }

  strings(): string[] {
    return decodeLines(this.bytes, this.#from, this.#to);
  }

  #add(start: number, end: number): void {
    const at = this.length++;
    if (at === this.starts.length) {
      this.starts = doubled(this.starts);
      this.ends = doubled(this.ends);
    }
    this.starts[at] = start;
    this.ends[at] = end;
  }
}

function doubled(source: Int32Array): Int32Array {
  const copy = new Int32Array(source.length * 2);
  copy.set(source);
  return copy;
}
