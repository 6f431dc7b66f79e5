import type { ByteStream } from "./byte-stream.ts";

const bufferBytes = 64 * 1024;

/** Reads bits from a stream of bytes, the highest bit of a byte first. */
export class BitReader {
  readonly #source: ByteStream;
  readonly #buffer = new Uint8Array(bufferBytes);
  #at = 0;
  #end = 0;
  /** The next bits, the last `#count` of this number; above them what was taken already. */
  #bits = 0;
  #count = 0;
  readonly #onEnd: () => Error;

  /** @param onEnd The error for bits that are asked for and are not there. */
  constructor(source: ByteStream, onEnd: () => Error) {
    this.#source = source;
    this.#onEnd = onEnd;
  }

  /** The next `count` bits as a number; at most 24. */
  read(count: number): number {
    const value = this.peek(count);
    this.#count -= count;
    return value;
  }

  /** The same without taking them; they have to be there. */
  peek(count: number): number {
    while (this.#count < count) {
      if (this.#at === this.#end && !this.#fill()) throw this.#onEnd();
      // What was taken falls off in front: no more than 32 bits are kept.
      this.#bits = (this.#bits << 8) | this.#buffer[this.#at++]!;
      this.#count += 8;
    }
    return (this.#bits >>> (this.#count - count)) & ((1 << count) - 1);
  }

  /** Takes bits that were looked at. */
  skip(count: number): void {
    this.#count -= count;
  }

  /** Goes on at the next whole byte. */
  alignToByte(): void {
    this.#count -= this.#count % 8;
  }

  /** Whether nothing is left, at the beginning of a byte. */
  get isAtEnd(): boolean {
    return this.#count === 0 && this.#at === this.#end && !this.#fill();
  }

  #fill(): boolean {
    this.#at = 0;
    this.#end = this.#source.read(this.#buffer, 0, bufferBytes);
    return this.#end > 0;
  }
}
