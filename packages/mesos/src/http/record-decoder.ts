import { GloamError } from "@gloam/common";

/** Longest record that is taken by default, in bytes. The events of a cluster of ten thousand agents stay far below. */
const defaultMostBytes = 64 * 1024 * 1024;

/** More digits than any length that is taken. */
const mostDigits = 12;
const newline = 0x0a;
const zero = 0x30;

/**
 * Takes Mesos's RecordIO apart: each record is its length in bytes as decimal digits, a newline, and that many bytes. Records
 * may be split anywhere. Pure; holds at most one record that is not whole.
 *
 * @example
 * new RecordDecoder().push(Buffer.from("2\n{}3\n[1")); // [<7b 7d>]
 */
export class RecordDecoder {
  readonly #mostBytes: number;
  /** Digits of a length so far; -1 while the bytes of a record come. */
  #digits = 0;
  #length = 0;
  #missing = 0;
  #parts: Uint8Array[] = [];

  constructor(options: { readonly mostBytes?: number } = {}) {
    this.#mostBytes = options.mostBytes ?? defaultMostBytes;
  }

  /**
   * Takes the next bytes. A record within one chunk is a view of it.
   *
   * @returns the records that are whole by now.
   * @throws GLOAM_MESOS_PROTOCOL where a length is none, or is larger than what is taken, before anything of it is kept; the
   *   decoder is of no further use then.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    const records: Uint8Array[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#digits >= 0) {
        this.#takeDigit(chunk[at]!);
        at++;
      } else {
        const part = chunk.subarray(at, at + this.#missing);
        this.#parts.push(part);
        this.#missing -= part.length;
        at += part.length;
      }
      if (this.#digits < 0 && this.#missing === 0) records.push(this.#takeRecord());
    }
    return records;
  }

  /** Whether the bytes so far end where a record ends. */
  get isAtBoundary(): boolean {
    return this.#digits === 0;
  }

  #takeDigit(byte: number): void {
    if (byte === newline && this.#digits > 0) {
      if (this.#length > this.#mostBytes) throw this.#tooLong();
      this.#digits = -1;
      this.#missing = this.#length;
      return;
    }
    const digit = byte - zero;
    if (!(digit >= 0 && digit <= 9)) throw new GloamError("GLOAM_MESOS_PROTOCOL", "a record's length is no number");
    this.#length = this.#length * 10 + digit;
    this.#digits++;
    if (this.#digits > mostDigits) throw this.#tooLong();
  }

  #takeRecord(): Uint8Array {
    const record = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#digits = 0;
    this.#length = 0;
    return record;
  }

  #tooLong(): GloamError {
    const message = `a record of at least ${this.#length} bytes is longer than the ${this.#mostBytes} that are taken`;
    return new GloamError("GLOAM_MESOS_PROTOCOL", message);
  }
}
