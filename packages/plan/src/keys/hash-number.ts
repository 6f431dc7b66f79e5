/** A float's bits: written as `hashFloats[0]`, read as `hashWords`. */
export const hashFloats: Float64Array = new Float64Array(1);
/** The two halves of `hashFloats[0]`. */
export const hashWords: Int32Array = new Int32Array(hashFloats.buffer);

/**
 * 32-bit hash of a number, over all of its 64 bits. -0 hashes as 0, every NaN alike; an integer hashes the same whether it
 * came from an int32 or a float64 column. Distinct 32-bit integers never collide.
 *
 * Self-contained, so that generated code can compile a copy of its own: pass `hashFloats` and `hashWords`. About 2 ns.
 */
export function hashNumber(value: number, floats: Float64Array, words: Int32Array): number {
  let hash = value | 0;
  if (hash !== value) {
    if (value === value) {
      floats[0] = value;
      hash = words[0]!;
      hash = Math.imul(hash ^ (hash >>> 16), 0x9e3779b1);
      // The odd constant keeps round floats apart from round 32-bit integers.
      hash = Math.imul((hash ^ (hash >>> 15)) + words[1]! + 0x5bd1e995, 0x85ebca77);
    } else {
      hash = 0x7ff80000;
    }
  }
  // The finalizer of MurmurHash3: every bit of the input reaches every bit of the hash.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** `hashNumber` of a 32-bit integer. About 1 ns. */
export function hashInteger(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
