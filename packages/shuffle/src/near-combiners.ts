import type { Bucket } from "./bucket.ts";

/** Keys that are near at most: a power of two. */
const nearKeys = 1024;
/** Pairs combined in place before what they hold is weighed again, as many as a block has. */
const pairsBetweenTurns = 4096;
/** Likewise the first time: so V8 sees the call that follows before it compiles the loop. */
const firstPairs = 256;

/**
 * The combiners that a generated loop finds for itself, by the low bits of a number key, and replaces in place: no block of
 * pairs, no hash, and rows that die at once. With combiners that are no numbers a pair costs 90 ns less (k-means, 350 then
 * 260).
 *
 * A key comes here after a block of pairs was combined, when no pair of it waits: so its values are combined in the order of
 * arrival.
 */
export class NearCombiners {
  /** Whether any key is near: loops over numbers ask for nothing else. */
  active = false;
  /** The key in each slot, `key & mask`; NaN in empty ones, which equals no key. */
  readonly keys = new Float64Array(nearKeys).fill(NaN);
  /** The key's place in `combiners`. */
  readonly ids = new Int32Array(nearKeys);
  /** Combiners by id; those of the bucket that is followed. */
  combiners: unknown[] = [];
  /** Pairs that may be combined in place before `turn`. */
  left = firstPairs;
  #granted = firstPairs;
  #index: Bucket["index"] | undefined;
  #known = 0;

  /** Low bits of a key that name its slot. */
  static readonly mask = nearKeys - 1;

  /** Pairs combined in place since the last turn. */
  turn(): number {
    const pairs = this.#granted - this.left;
    this.left = this.#granted = pairsBetweenTurns;
    return pairs;
  }

  /** Makes the keys of a bucket near, and no others. Has to be called whenever the bucket may have changed. */
  follow(bucket: Bucket | undefined): void {
    const isFollowed = bucket?.index.kind === "number" && bucket.numbers === undefined;
    const index = isFollowed ? bucket.index : undefined;
    const combiners = isFollowed ? bucket.values : [];
    if (index !== this.#index || (index !== undefined && combiners !== this.combiners)) {
      if (this.#known > 0) this.keys.fill(NaN);
      this.#index = index;
      this.#known = 0;
      this.combiners = combiners;
    }
    this.active = index !== undefined && index.count > 0;
    if (index?.kind !== "number") return;
    for (; this.#known < index.count && this.#known < nearKeys; this.#known++) {
      const key = index.key(this.#known);
      const slot = key & NearCombiners.mask;
      // Who is there stays: an earlier key is the more frequent one as a rule.
      if (Number.isNaN(this.keys[slot])) {
        this.keys[slot] = key;
        this.ids[slot] = this.#known;
      }
    }
  }
}
