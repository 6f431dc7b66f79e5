/** Packed strings with their hashes, see `PackedStrings`. */
export interface HashedStrings {
  readonly words: Int32Array;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly hashes: Int32Array;
}

const firstCapacity = 16;
const hashWord = 0;
const lengthWord = 1;
const idWord = 2;
const headWords = 3;

/**
 * Records that are touched before they are compared: reads that don't wait for each other overlap, where probing stops at
 * every cache miss (a fifth less with 200,000 words).
 */
const rowsFetchedAhead = 64;

/**
 * Gives every distinct string an id, counting from 0 in the order of first appearance. Slots lead straight to records in
 * one buffer (hash, length, id, then the packed units), so that a known string costs two cache lines and none of it is on
 * the heap.
 */
export class StringIndex {
  readonly kind = "string";
  count = 0;
  #records = new Int32Array(firstCapacity * 8);
  #end = 0;
  #slots = new Int32Array(2 * firstCapacity);
  /** Words that the string needs which found no room. */
  #wanted = 0;
  /** Keeps the touching reads from being optimised away. */
  touched = 0;

  get bytes(): number {
    return this.#records.byteLength + this.#slots.byteLength;
  }

  /** Ids that there is room for. */
  get capacity(): number {
    return this.#slots.length >> 1;
  }

  /** What `capacity` will be after `grow`. */
  get nextCapacity(): number {
    return this.#fullSlots() ? this.#slots.length : this.capacity;
  }

  /** Bytes that `grow` will add while both the old and the new arrays are there. */
  growthBytes(): number {
    return (this.#fullSlots() ? this.#slots.byteLength * 2 : 0) + (this.#fullRecords() ? this.#largerRecords() * 4 : 0);
  }

  /**
   * Writes the ids of the strings number `rows[from .. to]` to `ids[from .. to]`. Stops where a new string finds no room,
   * and gives that place; `to` otherwise.
   */
  find(strings: HashedStrings, rows: Int32Array, from: number, to: number, ids: Int32Array): number {
    const { words, starts, lengths, hashes } = strings;
    const slots = this.#slots;
    const records = this.#records;
    const mask = slots.length - 1;
    let at = from;
    let fetched = from;
    rows: for (; at < to; at++) {
      if (at === fetched) {
        fetched = Math.min(to, at + rowsFetchedAhead);
        let touched = 0;
        for (let ahead = at; ahead < fetched; ahead++) touched ^= records[slots[hashes[rows[ahead]!]! & mask]!]!;
        this.touched ^= touched;
      }
      const row = rows[at]!;
      const hash = hashes[row]!;
      const length = lengths[row]!;
      const start = starts[row]!;
      const size = (length + 1) >> 1;
      probe: for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const entry = slots[slot]!;
        if (entry === 0) {
          const end = this.#end;
          if (this.#fullSlots() || end + headWords + size > records.length) {
            this.#wanted = headWords + size;
            break rows;
          }
          records[end + hashWord] = hash;
          records[end + lengthWord] = length;
          records[end + idWord] = this.count;
          for (let word = 0; word < size; word++) records[end + headWords + word] = words[start + word]!;
          ids[at] = this.count++;
          slots[slot] = end + 1;
          this.#end = end + headWords + size;
          break;
        }
        const record = entry - 1;
        if (records[record + hashWord] !== hash || records[record + lengthWord] !== length) continue;
        for (let word = 0; word < size; word++) {
          if (records[record + headWords + word] !== words[start + word]) continue probe;
        }
        ids[at] = records[record + idWord]!;
        break;
      }
    }
    return at;
  }

  /** Writes the ids of the first `length` strings to `ids`; -1 for a string that is unknown. */
  lookUp(strings: HashedStrings, length: number, ids: Int32Array): void {
    const { words, starts, lengths, hashes } = strings;
    const slots = this.#slots;
    const records = this.#records;
    const mask = slots.length - 1;
    for (let row = 0; row < length; row++) {
      const hash = hashes[row]!;
      const units = lengths[row]!;
      const start = starts[row]!;
      const size = (units + 1) >> 1;
      let found = -1;
      probe: for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const record = slots[slot]! - 1;
        if (record < 0) break;
        if (records[record + hashWord] !== hash || records[record + lengthWord] !== units) continue;
        for (let word = 0; word < size; word++) {
          if (records[record + headWords + word] !== words[start + word]) continue probe;
        }
        found = records[record + idWord]!;
        break;
      }
      ids[row] = found;
    }
  }

  /** Makes room for twice as many, and for the string that found none. */
  grow(): void {
    if (this.#fullRecords()) {
      const records = new Int32Array(this.#largerRecords());
      records.set(this.#records);
      this.#records = records;
    }
    this.#wanted = 0;
    if (!this.#fullSlots()) return;
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    const records = this.#records;
    for (let record = 0; record < this.#end; record += headWords + ((records[record + lengthWord]! + 1) >> 1)) {
      let slot = records[record + hashWord]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = record + 1;
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
    const records = this.#records;
    const hashes = new Int32Array(this.count);
    let record = 0;
    for (let id = 0; id < this.count; id++) {
      hashes[id] = records[record + hashWord]!;
      record += headWords + ((records[record + lengthWord]! + 1) >> 1);
    }
    return hashes;
  }

  /** The strings by id, packed. */
  strings(): { readonly words: Int32Array; readonly starts: Int32Array; readonly lengths: Int32Array } {
    const records = this.#records;
    const starts = new Int32Array(this.count);
    const lengths = new Int32Array(this.count);
    let record = 0;
    for (let id = 0; id < this.count; id++) {
      const length = records[record + lengthWord]!;
      starts[id] = record + headWords;
      lengths[id] = length;
      record += headWords + ((length + 1) >> 1);
    }
    return { words: records, starts, lengths };
  }

  #fullSlots(): boolean {
    return this.count * 2 >= this.#slots.length;
  }

  #fullRecords(): boolean {
    return this.#end + this.#wanted > this.#records.length;
  }

  #largerRecords(): number {
    return Math.max(this.#records.length * 2, this.#end + this.#wanted);
  }
}
