import { decodeUtf8 } from "./decode-utf8.ts";

/** Words that may be read behind a string: as many as a short one has at most, whatever its own length. */
export const packedSlack = 6;

/**
 * Strings packed two UTF-16 units to a 32-bit word, so that they can be compared and copied by words and outlive the batch
 * they came from without holding on to it. Hashes are `hashString`'s, computed in the same pass.
 */
export class PackedStrings {
  /** Units of all strings; string `i` begins at `starts[i]`. Behind the last there are `packedSlack` words more. */
  words = new Int32Array(4096);
  starts: Int32Array;
  /** Lengths in UTF-16 units. */
  lengths: Int32Array;
  hashes: Int32Array;
  /** Words in use. */
  end = 0;

  constructor(capacity: number) {
    this.starts = new Int32Array(capacity);
    this.lengths = new Int32Array(capacity);
    this.hashes = new Int32Array(capacity);
  }

  clear(): void {
    this.end = 0;
  }

  /** Makes room for as many strings in all. */
  reserve(capacity: number): void {
    this.starts = resized(this.starts, capacity);
    this.lengths = resized(this.lengths, capacity);
    this.hashes = resized(this.hashes, capacity);
  }

  /** Stores a string as number `index`. The hash is MurmurHash3 over the words, as `hashString` has it. */
  put(index: number, value: string): void {
    const last = value.length - 1;
    let end = this.end;
    this.starts[index] = end;
    this.lengths[index] = last + 1;
    const room = (last >> 1) + 1 + packedSlack;
    if (end + room > this.words.length) this.#grow(room);
    const words = this.words;
    let hash = last;
    let at = 0;
    for (; at < last; at += 2) {
      let word = value.charCodeAt(at) | (value.charCodeAt(at + 1) << 16);
      words[end++] = word;
      word = Math.imul(word, 0xcc9e2d51);
      word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
      hash ^= word;
      hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
    }
    if (at === last) {
      let word = value.charCodeAt(at);
      words[end++] = word;
      word = Math.imul(word, 0xcc9e2d51);
      hash ^= Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    this.hashes[index] = hash ^ (hash >>> 16);
    this.end = end;
  }

  /** Stores the ASCII bytes `from .. to` as string number `index`. */
  putAscii(index: number, bytes: Uint8Array, from: number, to: number): void {
    const last = to - 1;
    let end = this.end;
    this.starts[index] = end;
    this.lengths[index] = to - from;
    const room = ((to - from) >> 1) + 1 + packedSlack;
    if (end + room > this.words.length) this.#grow(room);
    const words = this.words;
    let hash = to - from - 1;
    let at = from;
    for (; at < last; at += 2) {
      let word = bytes[at]! | (bytes[at + 1]! << 16);
      words[end++] = word;
      word = Math.imul(word, 0xcc9e2d51);
      word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
      hash ^= word;
      hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
    }
    if (at === last) {
      let word = bytes[at]!;
      words[end++] = word;
      word = Math.imul(word, 0xcc9e2d51);
      hash ^= Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    this.hashes[index] = hash ^ (hash >>> 16);
    this.end = end;
  }

  /** Stores UTF-8 bytes as string number `index`; false, and nothing is stored, where they are none. */
  putUtf8(index: number, bytes: Uint8Array, from: number, to: number): boolean {
    const room = ((to - from) >> 1) + 1 + packedSlack;
    if (this.end + room > this.words.length) this.#grow(room);
    const units = decodeUtf8(bytes, from, to, this.words, this.end);
    if (units < 0) return false;
    this.starts[index] = this.end;
    this.lengths[index] = units;
    this.hashes[index] = hashPacked(this.words, this.end, units);
    this.end += (units + 1) >> 1;
    return true;
  }

  /** Stores a string that is packed already as number `index`, without its hash. */
  putPacked(index: number, words: Int32Array, start: number, length: number): void {
    const size = (length + 1) >> 1;
    if (this.end + size + packedSlack > this.words.length) this.#grow(size + packedSlack);
    this.starts[index] = this.end;
    this.lengths[index] = length;
    for (let word = 0; word < size; word++) this.words[this.end + word] = words[start + word]!;
    this.end += size;
  }

  /** String number `index` as a string. */
  get(index: number): string {
    return unpackString(this.words, this.starts[index]!, this.lengths[index]!);
  }

  #grow(words: number): void {
    const grown = new Int32Array(Math.max(this.words.length * 2, this.end + words));
    grown.set(this.words);
    this.words = grown;
  }
}

/** The hash that `hashString` gives for a string of so many units, packed from word `start` on. */
function hashPacked(words: Int32Array, start: number, length: number): number {
  let hash = length - 1;
  const whole = start + (length >> 1);
  for (let at = start; at < whole; at++) {
    let word = Math.imul(words[at]!, 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
  }
  if ((length & 1) === 1) {
    const word = Math.imul(words[whole]!, 0xcc9e2d51);
    hash ^= Math.imul((word << 15) | (word >>> 17), 0x1b873593);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function resized(source: Int32Array, length: number): Int32Array {
  const copy = new Int32Array(length);
  copy.set(source);
  return copy;
}

const unitsPerCall = 1024;

/** The string of `length` UTF-16 units packed from word `start` on. */
export function unpackString(words: Int32Array, start: number, length: number): string {
  const first = new Uint16Array(words.buffer, words.byteOffset + start * 4, length);
  if (length <= unitsPerCall) return String.fromCharCode.apply(undefined, first as unknown as number[]);
  let text = "";
  for (let at = 0; at < length; at += unitsPerCall) {
    const piece = first.subarray(at, Math.min(length, at + unitsPerCall));
    text += String.fromCharCode.apply(undefined, piece as unknown as number[]);
  }
  return text;
}
