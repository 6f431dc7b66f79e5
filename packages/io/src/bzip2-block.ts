import type { BitReader } from "./bit-reader.ts";
import { HuffmanDecoder, longestCode } from "./huffman-decoder.ts";

/** Symbols that one table codes before the next selector says which is next. */
const groupLength = 50;
const [runA, runB] = [0, 1];

/**
 * The text of one block, as the Burrows-Wheeler transform had it: what is left to do is to count runs. Reads from behind
 * the block's checksum on.
 */
export class Bzip2Block {
  /** For each byte of the sorted text: the byte in the lowest eight bits, and above them where the next one stands. */
  readonly #links: Uint32Array;
  readonly #length: number;
  #next: number;
  #given = 0;

  /**
   * @param links Memory for the block, as many numbers as it may have bytes.
   * @param damaged The error for data that cannot be.
   */
  constructor(bits: BitReader, links: Uint32Array, damaged: (what: string) => Error) {
    if (bits.read(1) !== 0) throw damaged("a randomized block, as bzip2 before 1.0 wrote it");
    const origin = bits.read(24);
    const values = readValues(bits);
    if (values.length === 0) throw damaged("a block without values");
    const symbols = values.length + 2;
    const groups = bits.read(3);
    const selectorCount = bits.read(15);
    if (groups < 2 || groups > 6 || selectorCount === 0) throw damaged("no such number of tables");
    const selectors = readSelectors(bits, groups, selectorCount, damaged);
    const tables = Array.from({ length: groups }, () => new HuffmanDecoder(readLengths(bits, symbols, damaged)));
    const counts = new Uint32Array(256);
    this.#links = links;
    this.#length = readBytes(bits, { values, selectors, tables }, links, counts, damaged);
    if (origin >= this.#length) throw damaged("a block begins nowhere");
    linkUp(links, this.#length, counts);
    this.#next = links[origin]! >>> 8;
  }

  /** The next byte; -1 at the end. */
  next(): number {
    if (this.#given === this.#length) return -1;
    this.#given++;
    const link = this.#links[this.#next]!;
    this.#next = link >>> 8;
    return link & 255;
  }
}

/** The byte values that the block has, ascending. */
function readValues(bits: BitReader): Uint8Array {
  const sixteens = bits.read(16);
  const values: number[] = [];
  for (let high = 0; high < 16; high++) {
    if ((sixteens & (0x8000 >> high)) === 0) continue;
    const ones = bits.read(16);
    for (let low = 0; low < 16; low++) if ((ones & (0x8000 >> low)) !== 0) values.push(high * 16 + low);
  }
  return Uint8Array.from(values);
}

function readSelectors(bits: BitReader, groups: number, count: number, damaged: (what: string) => Error): Uint8Array {
  const order = Array.from({ length: groups }, (_, group) => group);
  const selectors = new Uint8Array(count);
  for (let at = 0; at < count; at++) {
    let place = 0;
    while (bits.read(1) === 1) if (++place >= groups) throw damaged("a selector of no table");
    const [group] = order.splice(place, 1);
    order.unshift(group!);
    selectors[at] = group!;
  }
  return selectors;
}

function readLengths(bits: BitReader, symbols: number, damaged: (what: string) => Error): Uint8Array {
  const lengths = new Uint8Array(symbols);
  let length = bits.read(5);
  for (let symbol = 0; symbol < symbols; symbol++) {
    for (;;) {
      if (length < 1 || length > longestCode) throw damaged("a code of no valid length");
      if (bits.read(1) === 0) break;
      length += bits.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  return lengths;
}

/** Undoes codes, runs and move-to-front; gives the number of bytes, which `links` gets and `counts` counts. */
function readBytes(
  bits: BitReader,
  coding: { readonly values: Uint8Array; readonly selectors: Uint8Array; readonly tables: readonly HuffmanDecoder[] },
  links: Uint32Array,
  counts: Uint32Array,
  damaged: (what: string) => Error,
): number {
  const { selectors, tables } = coding;
  const front = Uint8Array.from(coding.values);
  const end = front.length + 1;
  let length = 0;
  let run = 0;
  let weight = 1;
  let selector = 0;
  let left = 0;
  let table = tables[0]!;
  for (;;) {
    if (left-- === 0) {
      const group = selectors[selector++];
      if (group === undefined) throw damaged("too few selectors");
      table = tables[group]!;
      left = groupLength - 1;
    }
    const symbol = table.next(bits);
    if (symbol === undefined) throw damaged("bits that are no code");
    if (symbol === runA || symbol === runB) {
      run += weight * (symbol + 1);
      weight *= 2;
      if (run > links.length) throw damaged("a run is longer than its block");
      continue;
    }
    if (run > 0) {
      if (length + run > links.length) throw damaged("a block is longer than it may be");
      const value = front[0]!;
      counts[value]! += run;
      links.fill(value, length, length + run);
      length += run;
      run = 0;
      weight = 1;
    }
    if (symbol === end) return length;
    if (length === links.length) throw damaged("a block is longer than it may be");
    const value = front[symbol - 1]!;
    // Most are moved by a few places, for which a copy of the engine's costs more.
    for (let place = symbol - 1; place > 0; place--) front[place] = front[place - 1]!;
    front[0] = value;
    counts[value]!++;
    links[length++] = value;
  }
}

/** Says above each byte where the byte stands that follows it in the text. */
function linkUp(links: Uint32Array, length: number, counts: Uint32Array): void {
  let sum = 0;
  for (let value = 0; value < 256; value++) {
    const count = counts[value]!;
    counts[value] = sum;
    sum += count;
  }
  for (let at = 0; at < length; at++) {
    const place = counts[links[at]! & 255]!++;
    links[place]! |= at << 8;
  }
}
