import { hashFloats, hashNumber, hashWords } from "@gloam/plan";
import { hashedRows, hashNumbers } from "./number-hashes.ts";

const firstCapacity = 16;

/**
 * Gives every distinct number (SameValueZero) an id, counting from 0 in the order of first appearance. Open addressing over
 * slots that hold an id and as many bits of the hash as there is room for, so that the key itself is looked at once.
 */
export class NumberIndex {
  readonly kind = "number";
  count = 0;
  /** Keys by id, as they first appeared. */
  keys = new Float64Array(firstCapacity);
  #slots = new Int32Array(2 * firstCapacity);

  /** Bytes held. */
  get bytes(): number {
    return this.keys.byteLength + this.#slots.byteLength;
  }

  /** Ids that there is room for. */
  get capacity(): number {
    return this.keys.length;
  }

  /** What `capacity` will be after `grow`. */
  get nextCapacity(): number {
    return this.keys.length * 2;
  }

  /** Bytes that `grow` will add while both the old and the new arrays are there. */
  growthBytes(capacity = this.nextCapacity): number {
    return capacity * 16;
  }

  /**
   * Writes the ids of `keys[from .. to]` to the same places of `ids`. Stops where a new key finds no room, and gives that
   * place; `to` otherwise.
   */
  find(keys: Float64Array, from: number, to: number, ids: Int32Array): number {
    for (let at = from; at < to;) {
      const end = Math.min(to, at + hashedRows);
      const stop = this.#findHashed(keys, at, end, hashNumbers(keys, at, end), ids);
      if (stop < end) return stop;
      at = end;
    }
    return to;
  }

  /** `find` of keys with these hashes. */
  #findHashed(keys: Float64Array, from: number, to: number, hashes: Int32Array, ids: Int32Array): number {
    const slots = this.#slots;
    const known = this.keys;
    const mask = slots.length - 1;
    let count = this.count;
    let at = from;
    rows: for (; at < to; at++) {
      const key = keys[at]!;
      const hash = hashes[at - from]!;
      for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const entry = slots[slot]!;
        if (entry === 0) {
          if (count === known.length) break rows;
          known[count] = key;
          ids[at] = count++;
          slots[slot] = (hash & ~mask) | count;
          break;
        }
        if (((entry ^ hash) & ~mask) === 0) {
          const id = (entry & mask) - 1;
          const other = known[id]!;
          if (other === key || (other !== other && key !== key)) {
            ids[at] = id;
            break;
          }
        }
      }
    }
    this.count = count;
    return at;
  }

  /**
   * Writes the ids of the first `length` keys to `ids`; -1 for a key that is unknown. Keys that come in the order of the ids, as those
   * of two inputs do that were grouped alike, are found without a hash.
   */
  lookUp(keys: Float64Array, length: number, ids: Int32Array): void {
    const slots = this.#slots;
    const known = this.keys;
    const mask = slots.length - 1;
    const { count } = this;
    let next = 0;
    for (let at = 0; at < length; at++) {
      const key = keys[at]!;
      if (next < count && known[next] === key) {
        ids[at] = next++;
        continue;
      }
      const hash = hashNumber(key, hashFloats, hashWords);
      let found = -1;
      for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const entry = slots[slot]!;
        if (entry === 0) break;
        if (((entry ^ hash) & ~mask) === 0) {
          const id = (entry & mask) - 1;
          const other = known[id]!;
          if (other === key || (other !== other && key !== key)) {
            found = id;
            break;
          }
        }
      }
      if (found >= 0) next = found + 1;
      ids[at] = found;
    }
  }

  /** Makes room for so many, a power of two; twice as many by default. */
  grow(capacity = this.nextCapacity): void {
    const keys = new Float64Array(capacity);
    keys.set(this.keys);
    this.keys = keys;
    const slots = new Int32Array(capacity * 2);
    for (let from = 0; from < this.count; from += hashedRows) {
      insert(slots, hashNumbers(keys, from, Math.min(this.count, from + hashedRows)), from);
    }
    this.#slots = slots;
  }

  /** Takes distinct keys, as ids from 0, into an empty index. */
  load(keys: Float64Array): void {
    while (this.capacity < keys.length) this.grow();
    this.find(keys, 0, keys.length, new Int32Array(keys.length));
  }

  /** Hashes by id. */
  hashes(): Int32Array {
    const hashes = new Int32Array(this.count);
    for (let from = 0; from < this.count; from += hashedRows) {
      hashes.set(hashNumbers(this.keys, from, Math.min(this.count, from + hashedRows)), from);
    }
    return hashes;
  }

  key(id: number): number {
    return this.keys[id]!;
  }
}

/** Puts the ids from `first` on, of keys with these hashes, into free slots. */
function insert(slots: Int32Array, hashes: Int32Array, first: number): void {
  const mask = slots.length - 1;
  for (let at = 0; at < hashes.length; at++) {
    const hash = hashes[at]!;
    let slot = hash & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = (hash & ~mask) | (first + at + 1);
  }
}
