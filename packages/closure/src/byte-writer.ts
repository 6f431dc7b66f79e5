const loneSurrogate = /\p{Surrogate}/u;
const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

/** Appends numbers, strings and bytes to a growing buffer. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** A non-negative safe integer, seven bits a byte. */
  unsigned(value: number): void {
    this.#reserve(8);
    while (value >= 0x80) {
      this.#bytes[this.#length++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.#bytes[this.#length++] = value;
  }

  float(value: number): void {
    float[0] = value;
    this.raw(floatBytes);
  }

  /** UTF-8, or UTF-16 for strings with lone surrogates, which UTF-8 cannot hold. */
  string(value: string): void {
    const size = Buffer.byteLength(value);
    this.#reserve(size + 16);
    if (!loneSurrogate.test(value)) {
      this.unsigned(size * 2);
      this.#length += this.#bytes.write(value, this.#length, "utf8");
    } else {
      this.unsigned(value.length * 4 + 1);
      this.#reserve(value.length * 2);
      this.#length += this.#bytes.write(value, this.#length, "utf16le");
    }
  }

  /** Bytes behind their length. */
  bytes(value: Uint8Array): void {
    this.unsigned(value.length);
    this.raw(value);
  }

  /** Bytes without their length. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return new Uint8Array(this.#bytes.subarray(0, this.#length));
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
