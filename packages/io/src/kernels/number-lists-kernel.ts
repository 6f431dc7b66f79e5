import { Buffer } from "node:buffer";
import { numberListsBinary } from "./number-lists-binary.ts";

/** Most bytes of lines that are read at once. */
export const mostLineBytes = 128 * 1024;
/** Numbers after which `read` is not called again until they were taken: about a MiB of them. */
export const enoughNumbers = 96 * 1024;

/** Numbers and ends of lists that there is room for: a number in each byte of the lines, and one behind. */
const capacity = enoughNumbers + mostLineBytes + 8;

/** Most digits before a point, or after a sign, that an index of `spread` counts, and bytes of each entry there. */
const width = 16;

// Where things lie.
const spreadAt = 0;
const powersAt = spreadAt + (width + 1) * (width + 1) * width;
const stateAt = powersAt + 2 * width * 8;
const linesAt = 8 * 1024;
// The reader looks at 16 bytes wherever a number begins, and at 16 more.
const numbersAt = linesAt + mostLineBytes + 256;
const endsAt = numbersAt + capacity * 8;
const pageBytes = 64 * 1024;
const pages = Math.ceil((endsAt + capacity * 4) / pageBytes);

/** What the kernel exports. */
interface Exports {
  /**
   * Reads numbers from `at` on, up to the newline behind the line that has the byte `to`. Plain decimals only: an optional minus, and 1
   * to 15 digits with one point or none. Gives the place of a number that is none; beyond `to` when all were read. `state` has the place
   * of the next number and that of the next end of a line, which is how many numbers there are by then; both move on.
   */
  read(
    at: number,
    to: number,
    separator: number,
    numbers: number,
    spread: number,
    powers: number,
    state: number,
  ): number;
}

// What is used of the API, which the types of Node leave out.
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  readonly Memory: new (pages: { readonly initial: number; readonly maximum: number }) => {
    readonly buffer: ArrayBuffer;
  };
};

let compiled: object | undefined;

/**
 * Lists of numbers as they are read, in a memory of 3 MiB that is as large as what is touched of it. Plain decimals take 12 ns, see
 * `Exports.read`: what is a whole number below 2^53 and a power of ten up to 10^22 has its quotient as the nearest float (Clinger, How
 * to read floating point numbers accurately, 1990). One object for one reader at a time.
 */
export class NumberListsKernel {
  readonly #exports: Exports;
  readonly #bytes: Buffer;
  readonly #numbers: Float64Array;
  readonly #ends: Int32Array;
  /** Where the next number goes, and the next list's end. */
  readonly #state: Int32Array;

  /** @throws RangeError where the system has no memory. */
  constructor() {
    compiled ??= new WebAssembly.Module(Buffer.from(numberListsBinary, "base64"));
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    const { exports } = new WebAssembly.Instance(compiled, { host: { memory } });
    this.#exports = exports as Exports;
    this.#bytes = Buffer.from(memory.buffer);
    this.#numbers = new Float64Array(memory.buffer, numbersAt, capacity);
    // A list's begin lies before its end.
    this.#ends = new Int32Array(memory.buffer, endsAt, capacity);
    this.#state = new Int32Array(memory.buffer, stateAt, 2);
    writeSpread(this.#bytes);
    const powers = new Float64Array(memory.buffer, powersAt, 2 * width);
    for (let at = 0; at < powers.length; at++) powers[at] = Number(`${at < width ? "" : "-"}1e${at % width}`);
    this.clear();
  }

  /** Numbers so far. */
  get count(): number {
    return (this.#state[0]! - numbersAt) / 8;
  }

  /** Lists so far. */
  get length(): number {
    return (this.#state[1]! - endsAt) / 4 - 1;
  }

  /** The numbers so far; valid until `clear`, as are all views. */
  get numbers(): Float64Array {
    return this.#numbers.subarray(0, this.count);
  }

  /** Where each list begins in the numbers, and behind it the end of the last. */
  get offsets(): Int32Array {
    return this.#ends.subarray(0, this.length + 1);
  }

  /** Forgets the lists. */
  clear(): void {
    this.#state[0] = numbersAt;
    this.#state[1] = endsAt + 4;
  }

  /**
   * Reads the lists in lines that lie in `from .. to`, up to `mostLineBytes`, one for each; see `LineBytes`.
   * @param convert Gives the numbers of pieces that are no plain decimals.
   */
  read(buffer: Buffer, from: number, to: number, separator: string, convert: (piece: string) => number): void {
    const bytes = this.#bytes;
    const code = separator.charCodeAt(0);
    const end = linesAt + buffer.copy(bytes, linesAt, from, to);
    bytes[end] = newline;
    for (let at: number = linesAt; at <= end;) {
      at = this.#exports.read(at, end, code, numbersAt, spreadAt, powersAt, stateAt);
      if (at <= end) at = this.#readOdd(at, code, convert);
    }
  }

  /** Reads a number that is no plain decimal; gives the place behind what ends it. */
  #readOdd(at: number, separator: number, convert: (piece: string) => number): number {
    const bytes = this.#bytes;
    const state = this.#state;
    let end = at;
    let allBits = 0;
    for (let byte = bytes[at]!; byte !== separator && byte !== newline; byte = bytes[++end]!) allBits |= byte;
    const isLast = bytes[end] === newline;
    const pieceEnd = isLast && end > at && bytes[end - 1] === carriageReturn ? end - 1 : end;
    const encoding = allBits < 128 ? "latin1" : "utf8";
    this.#numbers[this.count] = convert(bytes.toString(encoding, at, pieceEnd));
    state[0]! += 8;
    if (isLast) {
      this.#ends[this.length + 1] = this.count;
      state[1]! += 4;
    }
    return end + 1;
  }
}

const [newline, carriageReturn] = [10, 13];

/**
 * For digits before a point and bytes in all, which of the bytes goes where: digits to the right, without the point, and nothing (255)
 * before them.
 */
function writeSpread(bytes: Buffer): void {
  for (let whole = 0; whole <= width; whole++) {
    for (let all = whole; all <= width; all++) {
      const digits = all > whole ? all - 1 : all;
      for (let at = 0; at < width; at++) {
        const digit = at - (width - digits);
        const from = digit < 0 ? 255 : digit < whole ? digit : digit + 1;
        bytes[spreadAt + (whole * (width + 1) + all) * width + at] = from;
      }
    }
  }
}
