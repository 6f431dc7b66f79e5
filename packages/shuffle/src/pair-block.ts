import type { TextSpan } from "@gloam/common";
import { hashFloats, hashKey, hashNumber, hashWords } from "@gloam/plan";
import { PackedStrings } from "./packed-strings.ts";

/** Pairs in a block at most: keys and values of numbers fit the first-level caches. */
export const blockRows = 4096;
const mostWords = 64 * 1024;

/** How the keys of a block or an index are held. */
export type KeyKind = "number" | "string" | "any";

/**
 * A few thousand pairs, column-wise: keys all numbers, all strings (packed) or anything, values all numbers or anything.
 * A block begins with the kinds of the first pair, and keeps that of keys from filling to filling; a pair that does not fit
 * widens it.
 */
export class PairBlock {
  length = 0;
  /** The block is full with as many pairs; 0 as soon as long strings have filled it. */
  limit = blockRows;
  /** Generated code may write number keys into `keys`, and number values into `numbers`. */
  numberKeys = true;
  numberValues = true;
  readonly keys = new Float64Array(blockRows);
  readonly numbers = new Float64Array(blockRows);
  /** Keys where `keyKind` is any. */
  readonly objects: unknown[] = [];
  /** Values where `numberValues` is false. */
  readonly values: unknown[] = [];
  /** Hashes of the keys, valid after `hash()`. */
  hashes: Int32Array = new Int32Array(blockRows);
  strings: PackedStrings | undefined;
  #fresh = true;

  get keyKind(): KeyKind {
    return this.numberKeys ? "number" : this.strings !== undefined ? "string" : "any";
  }

  /** Takes a pair; the caller asks `length >= limit` afterwards. */
  put(key: unknown, value: unknown): void {
    const at = this.length;
    if (typeof key === "number" && this.numberKeys) this.keys[at] = key;
    else this.putKey(key, at);
    if (typeof value === "number" && this.numberValues) this.numbers[at] = value;
    else this.putValue(value, at);
    this.length = at + 1;
  }

  /** Takes the key of pair number `at` where generated code could not. */
  putKey(key: unknown, at: number): void {
    if (typeof key === "string") {
      if (this.strings !== undefined) {
        this.strings.put(at, key);
        if (this.strings.end >= mostWords) this.limit = 0;
        return;
      }
      if (this.numberKeys && this.#fresh && at === 0) {
        this.numberKeys = false;
        this.strings = new PackedStrings(blockRows);
        this.hashes = this.strings.hashes;
        this.strings.put(0, key);
        return;
      }
    }
    this.widenKeys(at);
    this.objects[at] = key;
  }

  /** Takes a text as the key of pair number `at`. */
  putText(text: TextSpan, at: number): void {
    const { strings } = this;
    if (strings === undefined) return this.putKey(text.toString(), at);
    if (text.ascii) strings.putAscii(at, text.bytes, text.from, text.to);
    else if (!strings.putUtf8(at, text.bytes, text.from, text.to)) return this.putKey(text.toString(), at);
    if (strings.end >= mostWords) this.limit = 0;
  }

  /** Takes the ASCII bytes `from .. to` as the key of pair number `length`, where `strings` is there. */
  putAsciiKey(bytes: Uint8Array, from: number, to: number): void {
    const strings = this.strings!;
    strings.putAscii(this.length, bytes, from, to);
    if (strings.end >= mostWords) this.limit = 0;
  }

  /** Takes the value of pair number `at` where generated code could not. */
  putValue(value: unknown, at: number): void {
    this.widenValues(at);
    this.values[at] = value;
  }

  /** From now on keys are held as JavaScript values; `count` of them are in the block. */
  widenKeys(count = this.length): void {
    if (this.numberKeys) for (let at = 0; at < count; at++) this.objects[at] = this.keys[at];
    else if (this.strings !== undefined) for (let at = 0; at < count; at++) this.objects[at] = this.strings.get(at);
    else return;
    this.numberKeys = false;
    this.strings = undefined;
    this.hashes = new Int32Array(blockRows);
  }

  /** From now on values are held as JavaScript values; `count` of them are in the block. */
  widenValues(count = this.length): void {
    if (!this.numberValues) return;
    for (let at = 0; at < count; at++) this.values[at] = this.numbers[at];
    this.numberValues = false;
  }

  /** The key of pair number `at`. */
  key(at: number): unknown {
    return this.numberKeys ? this.keys[at] : this.strings !== undefined ? this.strings.get(at) : this.objects[at];
  }

  /** The value of pair number `at`. */
  value(at: number): unknown {
    return this.numberValues ? this.numbers[at] : this.values[at];
  }

  /** Fills `hashes`. */
  hash(): void {
    const { hashes, length } = this;
    if (this.numberKeys) {
      const { keys } = this;
      for (let at = 0; at < length; at++) hashes[at] = hashNumber(keys[at]!, hashFloats, hashWords);
    } else if (this.strings === undefined) {
      const { objects } = this;
      for (let at = 0; at < length; at++) hashes[at] = hashKey(objects[at]);
    }
  }

  /** Empties the block; the kind of its keys stays. */
  clear(): void {
    if (!this.numberValues) {
      this.values.fill(undefined, 0, this.length);
      this.numberValues = true;
    }
    if (!this.numberKeys && this.strings === undefined) this.objects.fill(undefined, 0, this.length);
    if (this.length > 0) this.#fresh = false;
    this.strings?.clear();
    this.length = 0;
    this.limit = blockRows;
  }
}

// V8 keeps no record of a function's first calls, and takes what it has no record of for what never happens: a loop that it compiled
// in one task was thrown away at the first value of the next, where a block turns from numbers to values, which cost kmeans 60 ms. So
// it is shown that turn, in 0.1 ms.
const shown = new PairBlock();
for (let turn = 0; turn < 200; turn++) {
  shown.put(0, "");
  shown.clear();
}
