import { crc32, createInflateRaw } from "node:zlib";
import { GloamError } from "@gloam/common";
import type { ByteStream } from "./byte-stream.ts";
import { StepDecoder } from "./step-decoder.ts";

const inputBytes = 64 * 1024;
const headerBytes = 10;
const trailerBytes = 8;
/** Bits of a header's flags (RFC 1952, 2.3.1). */
const checksumFlag = 2;
const extraFlag = 4;
const nameFlag = 8;
const commentFlag = 16;

/** Whether a file begins like a gzip file. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * The inflated bytes of a gzip file of one or more members (RFC 1952), in memory of fixed size. Checksums and lengths are
 * checked; damaged, cut or foreign data is GLOAM_INPUT_UNREADABLE.
 */
export class GzipStream implements ByteStream {
  readonly #path: string;
  readonly #source: ByteStream;
  readonly #inflater = new StepDecoder(createInflateRaw());
  readonly #input = new Uint8Array(inputBytes);
  #from = 0;
  #to = 0;
  #members = 0;
  #inMember = false;
  #checksum = 0;
  #length = 0;

  constructor(path: string, source: ByteStream) {
    this.#path = path;
    this.#source = source;
  }

  read(target: Uint8Array, offset: number, length: number): number {
    for (;;) {
      if (!this.#inMember && !this.#beginMember()) return 0;
      const produced = this.#inflate(target, offset, length);
      if (produced > 0) {
        this.#checksum = crc32(target.subarray(offset, offset + produced), this.#checksum);
        this.#length += produced;
        return produced;
      }
    }
  }

  close(): void {
    this.#inflater.close();
    this.#source.close();
  }

  /** Inflates until there is output; 0 when the member ended. */
  #inflate(target: Uint8Array, offset: number, length: number): number {
    for (;;) {
      let step;
      try {
        step = this.#inflater.step(this.#input, this.#from, this.#to, target, offset, length);
      } catch (error) {
        throw this.#damaged(String(error), error);
      }
      this.#from += step.consumed;
      if (step.produced > 0) return step.produced;
      // Input is left though there is room for output: the deflate data has ended.
      if (this.#from < this.#to) {
        this.#endMember();
        return 0;
      }
      this.#need(1, "in the middle of compressed data");
    }
  }

  #beginMember(): boolean {
    if (!this.#skipPadding()) return false;
    this.#need(headerBytes, "in a header");
    const header = this.#take(headerBytes);
    if (!isGzip(header) || header[2] !== 8) throw this.#damaged("no gzip header where one must be");
    const flags = header[3]!;
    if (flags & extraFlag) {
      this.#need(2, "in a header");
      const [low, high] = this.#take(2);
      for (let left = low! + high! * 256; left > 0; left--) this.#takeByte();
    }
    if (flags & nameFlag) while (this.#takeByte() !== 0);
    if (flags & commentFlag) while (this.#takeByte() !== 0);
    if (flags & checksumFlag) for (let left = 2; left > 0; left--) this.#takeByte();
    this.#inflater.reset();
    this.#inMember = true;
    this.#checksum = 0;
    this.#length = 0;
    this.#need(1, "after a header");
    return true;
  }

  /** Skips zeros behind a member, as tapes have them; false at the file's end. */
  #skipPadding(): boolean {
    for (;;) {
      while (this.#members > 0 && this.#from < this.#to && this.#input[this.#from] === 0) this.#from++;
      if (this.#from < this.#to) return true;
      if (!this.#fill()) return false;
    }
  }

  #endMember(): void {
    this.#need(trailerBytes, "in a trailer");
    const trailer = this.#take(trailerBytes);
    const view = new DataView(trailer.buffer, trailer.byteOffset, trailerBytes);
    if (view.getUint32(0, true) !== this.#checksum) throw this.#damaged("wrong checksum");
    if (view.getUint32(4, true) !== this.#length % 2 ** 32) throw this.#damaged("wrong length");
    this.#inMember = false;
    this.#members++;
  }

  /** Makes sure that so many bytes of input are there. */
  #need(bytes: number, where: string): void {
    while (this.#to - this.#from < bytes) if (!this.#fill()) throw this.#damaged(`the file ends ${where}`);
  }

  #fill(): boolean {
    this.#input.copyWithin(0, this.#from, this.#to);
    this.#to -= this.#from;
    this.#from = 0;
    const read = this.#source.read(this.#input, this.#to, inputBytes - this.#to);
    this.#to += read;
    return read > 0;
  }

  #take(bytes: number): Uint8Array {
    this.#from += bytes;
    return this.#input.slice(this.#from - bytes, this.#from);
  }

  #takeByte(): number {
    if (this.#from === this.#to) this.#need(1, "in a header");
    return this.#input[this.#from++]!;
  }

  #damaged(reason: string, cause?: unknown): GloamError {
    return new GloamError("GLOAM_INPUT_UNREADABLE", `${this.#path} is not a sound gzip file: ${reason}`, { cause });
  }
}
