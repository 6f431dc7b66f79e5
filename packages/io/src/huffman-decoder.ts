import type { BitReader } from "./bit-reader.ts";

/** Longest code of bzip2. */
export const longestCode = 20;

/** Codes of no more bits are looked up at once. */
const quickBits = 10;

/** Canonical Huffman codes, given by their lengths alone. */
export class HuffmanDecoder {
  /** For the next ten bits: the symbol, and below it in five bits the length of its code; 0 where the code is longer. */
  readonly #quick = new Uint16Array(1 << quickBits);
  /** Behind the last code of each length, as 20 bits; 0 where there are no codes of that length. */
  readonly #ends = new Uint32Array(longestCode + 1);
  /** What is to be subtracted from a code of each length to get its place among `#symbols`. */
  readonly #bases = new Int32Array(longestCode + 1);
  /** Symbols in the order of their codes. */
  readonly #symbols: Uint16Array;

  /** @param lengths Of the code of each symbol, 1 to 20. */
  constructor(lengths: Uint8Array) {
    this.#symbols = new Uint16Array(lengths.length);
    let code = 0;
    let at = 0;
    for (let length = 1; length <= longestCode; length++) {
      code <<= 1;
      this.#bases[length] = code - at;
      for (let symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] !== length) continue;
        this.#symbols[at++] = symbol;
        if (length <= quickBits) {
          const spare = quickBits - length;
          this.#quick.fill((symbol << 5) | length, code << spare, (code + 1) << spare);
        }
        code++;
      }
      this.#ends[length] = code << (longestCode - length);
    }
  }

  /** The next symbol; undefined where the bits are no code. More bits than the longest code has must follow. */
  next(bits: BitReader): number | undefined {
    const ahead = bits.peek(longestCode);
    const quick = this.#quick[ahead >>> (longestCode - quickBits)]!;
    if (quick !== 0) {
      bits.skip(quick & 31);
      return quick >>> 5;
    }
    for (let length = quickBits + 1; length <= longestCode; length++) {
      if (ahead >= this.#ends[length]!) continue;
      bits.skip(length);
      return this.#symbols[(ahead >>> (longestCode - length)) - this.#bases[length]!];
    }
    return undefined;
  }
}
