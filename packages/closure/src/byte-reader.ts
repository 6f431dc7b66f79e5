import { GloamError } from "@gloam/common";

const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

/** Reports a graph that no writer of this package made. */
export function malformed(reason: string): GloamError {
  return new GloamError("GLOAM_INTERNAL", `a captured function cannot be decoded: ${reason}`);
}

/** Reads what `ByteWriter` wrote; every length is checked against what is left. */
export class ByteReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#position;
  }

  byte(): number {
    const value = this.#bytes[this.#position++];
    if (value === undefined) throw malformed("it ends too early");
    return value;
  }

  unsigned(): number {
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 8; index++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw malformed("a number is too long");
  }

  /** A count of things that take at least one byte each. */
  count(): number {
    const value = this.unsigned();
    if (value > this.left) throw malformed("a count is larger than what follows");
    return value;
  }

  float(): number {
    floatBytes.set(this.raw(8));
    return float[0] as number;
  }

  string(): string {
    const head = this.unsigned();
    return head % 2 === 0 ? this.#text(head / 2, "utf8") : this.#text((head - 1) / 2, "utf16le");
  }

  bytes(): Uint8Array {
    return this.raw(this.unsigned());
  }

  /** A view, not a copy. */
  raw(size: number): Uint8Array {
    const begin = this.#advance(size);
    return this.#bytes.subarray(begin, begin + size);
  }

  #text(size: number, encoding: "utf8" | "utf16le"): string {
    const begin = this.#advance(size);
    return this.#bytes.toString(encoding, begin, begin + size);
  }

  #advance(size: number): number {
    if (size > this.left) throw malformed("a length is larger than what follows");
    const begin = this.#position;
    this.#position += size;
    return begin;
  }
}
