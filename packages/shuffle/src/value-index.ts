import { keysEqual } from "@gloam/plan";

const firstCapacity = 16;

/**
 * Gives every distinct key of any kind (`keysEqual`) an id, counting from 0 in the order of first appearance. The keys stay
 * JavaScript values.
 */
export class ValueIndex {
  readonly kind = "any";
  count = 0;
  /** Keys by id, as they first appeared. */
  readonly keys: unknown[] = [];
  #hashes = new Int32Array(firstCapacity);
  #slots = new Int32Array(2 * firstCapacity);

  get bytes(): number {
    return this.#hashes.byteLength + this.#slots.byteLength;
  }

  /** Ids that there is room for. */
  get capacity(): number {
    return this.#hashes.length;
  }

  /** What `capacity` will be after `grow`. */
  get nextCapacity(): number {
    return this.#hashes.length * 2;
  }

  /** Bytes that `grow` will add while both the old and the new arrays are there. */
  growthBytes(): number {
    return this.bytes * 2;
  }

  /**
   * Writes the ids of the keys number `rows[from .. to]` to `ids[from .. to]`. Stops where a new key finds no room, and
   * gives that place; `to` otherwise.
   */
  find(
    keys: ArrayLike<unknown>,
    keyHashes: Int32Array,
    rows: Int32Array,
    from: number,
    to: number,
    ids: Int32Array,
  ): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hashes = this.#hashes;
    let at = from;
    rows: for (; at < to; at++) {
      const row = rows[at]!;
      const key = keys[row];
      const hash = keyHashes[row]!;
      for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
        const entry = slots[slot]!;
        if (entry === 0) {
          if (this.count === hashes.length) break rows;
          this.keys.push(key);
          hashes[this.count] = hash;
          ids[at] = this.count++;
          slots[slot] = this.count;
          break;
        }
        const id = entry - 1;
        if (hashes[id] === hash && keysEqual(this.keys[id], key)) {
          ids[at] = id;
          break;
        }
      }
    }
    return at;
  }

  /** Writes the ids of the first `length` keys to `ids`; -1 for a key that is unknown. */
  lookUp(keys: ArrayLike<unknown>, keyHashes: Int32Array, length: number, ids: Int32Array): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hashes = this.#hashes;
    for (let row = 0; row < length; row++) {
      const hash = keyHashes[row]!;
      let found = -1;
      for (let slot = hash & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
        const id = slots[slot]! - 1;
        if (hashes[id] === hash && keysEqual(this.keys[id], keys[row])) {
          found = id;
          break;
        }
      }
      ids[row] = found;
    }
  }

  /** Makes room for twice as many. */
  grow(): void {
    const hashes = new Int32Array(this.#hashes.length * 2);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 0; id < this.count; id++) {
      let slot = hashes[id]! & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }

  /** Takes distinct keys, as ids from 0, into an empty index. */
  load(keys: readonly unknown[], hashes: Int32Array): void {
    while (this.#hashes.length < keys.length) this.grow();
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let id = 0; id < keys.length; id++) {
      const hash = hashes[id]!;
      let slot = hash & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
      this.#hashes[id] = hash;
      this.keys.push(keys[id]);
    }
    this.count = keys.length;
  }

  /** Hashes by id. */
  hashes(): Int32Array {
    return this.#hashes.subarray(0, this.count);
  }
}
