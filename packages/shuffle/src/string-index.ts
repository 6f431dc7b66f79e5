import { packedSlack } from "./packed-strings.ts";

/** Packed strings with their hashes, see `PackedStrings`. Behind the last one, `words` has `packedSlack` words more. */
export interface HashedStrings {
  readonly words: Int32Array;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly hashes: Int32Array;
}

/** A slot: three words that identify the string, then its tag and, counting from 1, its id. */
const slotShift = 2;
const slotWords = 1 << slotShift;
const entryWord = 3;
const idBits = 0x0fffffff;
const tagBits = ~idBits;
const tagShift = 28;
/** Short strings, of Latin-1 units only, lie in the slot; their tag is their length. */
const mostShortUnits = 12;
const mostShortWords = mostShortUnits / 2;
/** Other strings have their hash, length and place in the slot, and their units elsewhere. */
const longTag = 13 << tagShift;
/** Bits that are set in a word of two units when one of them is not Latin-1. */
const notLatin1 = 0xff00ff00 | 0;
/** Bits of two units in one word of a slot, which has two others eight bits to the left. */
const twoUnits = 0x00ff00ff;

const firstSlots = 32;

/**
 * Slots that are touched before strings are compared: reads that don't wait for each other overlap, where probing stops at
 * every cache miss (a third less with 200,000 words; 64 to 512 at a time are alike, 16 are too few).
 */
const slotsFetchedAhead = 64;

/**
 * Gives every distinct string an id, counting from 0 in the order of first appearance. A short string lies in its slot, so
 * that a known one costs one cache line; what is longer than 12 units or not Latin-1 costs two. Nothing of it is on the
 * heap.
 */
export class StringIndex {
  readonly kind = "string";
  count = 0;
  #slots = new Int32Array(firstSlots * slotWords);
  /** Hashes by id. */
  #hashes = new Int32Array(capacityOf(firstSlots));
  /** Packed units of the strings that are not short. */
  #units = new Int32Array(0);
  #end = 0;
  /** Words that the string needs which found no room. */
  #wanted = 0;
  /** Keeps the touching reads from being optimised away. */
  touched = 0;

  get bytes(): number {
    return this.#slots.byteLength + this.#hashes.byteLength + this.#units.byteLength;
  }

  /** Ids that there is room for. */
  get capacity(): number {
    return this.#hashes.length;
  }

  /** What `capacity` will be after `grow`. */
  get nextCapacity(): number {
    return this.#isFull() ? capacityOf((this.#slots.length / slotWords) * 2) : this.capacity;
  }

  /** Bytes that `grow` will add while both the old and the new arrays are there. */
  growthBytes(): number {
    const slots = this.#isFull() ? this.#slots.byteLength * 2 + this.nextCapacity * 4 : 0;
    return slots + (this.#lacksUnits() ? this.#moreUnits() * 4 : 0);
  }

  /**
   * Writes the ids of the strings number `rows[from .. to]` to `ids[from .. to]`. Stops where a new string finds no room,
   * and gives that place; `to` otherwise.
   */
  find(strings: HashedStrings, rows: Int32Array, from: number, to: number, ids: Int32Array): number {
    return this.#probe(strings, rows, from, to, ids, true);
  }

  /** Writes the ids of the strings number `rows[0 .. length]` to `ids`; -1 for a string that is unknown. */
  lookUp(strings: HashedStrings, rows: Int32Array, length: number, ids: Int32Array): void {
    this.#probe(strings, rows, 0, length, ids, false);
  }

  /** Makes room for twice as many, and for the string that found none. */
  grow(): void {
    if (this.#lacksUnits()) {
      const units = new Int32Array(this.#moreUnits());
      units.set(this.#units);
      this.#units = units;
    }
    this.#wanted = 0;
    if (!this.#isFull()) return;
    const hashes = new Int32Array(this.nextCapacity);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - slotWords;
    for (let from = 0; from < old.length; from += slotWords) {
      const entry = old[from + entryWord]!;
      if (entry === 0) continue;
      let slot = (hashes[(entry & idBits) - 1]! << slotShift) & mask;
      while (slots[slot + entryWord] !== 0) slot = (slot + slotWords) & mask;
      slots[slot] = old[from]!;
      slots[slot + 1] = old[from + 1]!;
      slots[slot + 2] = old[from + 2]!;
      slots[slot + entryWord] = entry;
    }
    this.#slots = slots;
  }

  /** Takes the distinct strings `rows[from .. to]`, as ids from 0, into an empty index. */
  load(strings: HashedStrings, rows: Int32Array, from: number, to: number): void {
    const ids = new Int32Array(to);
    for (let at = from; (at = this.find(strings, rows, at, to, ids)) < to;) this.grow();
  }

  /** Hashes by id. */
  hashes(): Int32Array {
    return this.#hashes.slice(0, this.count);
  }

  /** A copy of the strings by id, packed. 40 to 100 ns a string: ids lie in no order in the slots. */
  strings(): { readonly words: Int32Array; readonly starts: Int32Array; readonly lengths: Int32Array } {
    const slots = this.#slots;
    const end = this.#end;
    // Short strings come behind the others, in the order of ids; each has room for the longest.
    const words = new Int32Array(end + this.count * mostShortWords + packedSlack);
    words.set(this.#units.subarray(0, end));
    const starts = new Int32Array(this.count);
    const lengths = new Int32Array(this.count);
    for (let id = 0; id < this.count; id++) starts[id] = end + id * mostShortWords;
    for (let slot = 0; slot < slots.length; slot += slotWords) {
      const entry = slots[slot + entryWord]!;
      if (entry === 0) continue;
      const id = (entry & idBits) - 1;
      if ((entry & tagBits) === longTag) {
        lengths[id] = slots[slot + 1]!;
        starts[id] = slots[slot + 2]!;
        continue;
      }
      const start = end + id * mostShortWords;
      lengths[id] = entry >>> tagShift;
      for (let word = 0; word < mostShortWords; word += 2) {
        const four = slots[slot + (word >> 1)]!;
        words[start + word] = four & twoUnits;
        words[start + word + 1] = (four >>> 8) & twoUnits;
      }
    }
    return { words, starts, lengths };
  }

  /** Like `find`; if not `adding`, unknown strings get the id -1. */
  #probe(strings: HashedStrings, rows: Int32Array, from: number, to: number, ids: Int32Array, adding: boolean): number {
    const { words, starts, lengths, hashes } = strings;
    const slots = this.#slots;
    const mask = slots.length - slotWords;
    let fetched = from;
    for (let at = from; at < to; at++) {
      if (at === fetched) {
        fetched = Math.min(to, at + slotsFetchedAhead);
        this.#touch(hashes, rows, at, fetched);
      }
      const row = rows[at]!;
      const hash = hashes[row]!;
      const length = lengths[row]!;
      const start = starts[row]!;
      // Words that are not the string's become 0, without a branch that could be mispredicted.
      const size = (length + 1) >> 1;
      const word0 = words[start]! & ((0 - size) >> 31);
      const word1 = words[start + 1]! & ((1 - size) >> 31);
      const word2 = words[start + 2]! & ((2 - size) >> 31);
      const word3 = words[start + 3]! & ((3 - size) >> 31);
      const word4 = words[start + 4]! & ((4 - size) >> 31);
      const word5 = words[start + 5]! & ((5 - size) >> 31);
      let one = word0 | (word1 << 8);
      let two = word2 | (word3 << 8);
      let three = word4 | (word5 << 8);
      let tag = length << tagShift;
      if (length > mostShortUnits || ((word0 | word1 | word2 | word3 | word4 | word5) & notLatin1) !== 0) {
        one = hash;
        two = length;
        three = this.#end;
        tag = longTag;
      }
      for (let slot = (hash << slotShift) & mask; ; slot = (slot + slotWords) & mask) {
        const entry = slots[slot + entryWord]!;
        if (entry === 0) {
          if (!adding) {
            ids[at] = -1;
            break;
          }
          if (!this.#hasRoom(tag, size)) return at;
          slots[slot] = one;
          slots[slot + 1] = two;
          slots[slot + 2] = three;
          slots[slot + entryWord] = tag | (this.count + 1);
          if (tag === longTag) this.#putUnits(words, start, size);
          this.#hashes[this.count] = hash;
          ids[at] = this.count++;
          break;
        }
        if (((slots[slot]! ^ one) | (slots[slot + 1]! ^ two) | ((entry ^ tag) & tagBits)) !== 0) continue;
        if (tag === longTag ? this.#hasUnits(slots[slot + 2]!, words, start, size) : slots[slot + 2] === three) {
          ids[at] = (entry & idBits) - 1;
          break;
        }
      }
    }
    return to;
  }

  /** Brings what the strings number `rows[from .. to]` will be compared with into the cache. */
  #touch(hashes: Int32Array, rows: Int32Array, from: number, to: number): void {
    const slots = this.#slots;
    const mask = slots.length - slotWords;
    let touched = 0;
    for (let at = from; at < to; at++) touched ^= slots[(hashes[rows[at]!]! << slotShift) & mask]!;
    if (this.#end > 0) {
      const units = this.#units;
      for (let at = from; at < to; at++) {
        const slot = (hashes[rows[at]!]! << slotShift) & mask;
        if ((slots[slot + entryWord]! & tagBits) === longTag) touched ^= units[slots[slot + 2]!]!;
      }
    }
    this.touched ^= touched;
  }

  /** Whether there is room for a new string of so many words; takes note of what it lacks. */
  #hasRoom(tag: number, size: number): boolean {
    this.#wanted = tag === longTag ? size : 0;
    return !this.#isFull() && !this.#lacksUnits();
  }

  #putUnits(words: Int32Array, start: number, size: number): void {
    const units = this.#units;
    const end = this.#end;
    for (let word = 0; word < size; word++) units[end + word] = words[start + word]!;
    this.#end = end + size;
  }

  /** Whether the units from `place` on are the words from `start` on. */
  #hasUnits(place: number, words: Int32Array, start: number, size: number): boolean {
    const units = this.#units;
    for (let word = 0; word < size; word++) if (units[place + word] !== words[start + word]) return false;
    return true;
  }

  #isFull(): boolean {
    return this.count === this.#hashes.length;
  }

  #lacksUnits(): boolean {
    return this.#end + this.#wanted > this.#units.length;
  }

  #moreUnits(): number {
    return Math.max(this.#units.length * 2, this.#end + this.#wanted);
  }
}

/** Strings that so many slots hold: probing for unknown ones takes longer the fuller they are. */
function capacityOf(slots: number): number {
  return slots / 2;
}
