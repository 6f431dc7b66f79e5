import { scratchMemory } from "./kernels/scratch-memory.ts";

/** Numbers that `hashNumbers` takes at once. */
export const hashedRows = 4096;

/** `hashNumber` of each of the keys `from .. to`, `hashedRows` at most; valid until the next call. About 2 ns a key. */
export function hashNumbers(keys: Float64Array, from: number, to: number): Int32Array {
  const { kernels, buffer } = scratchMemory(hashedRows * 12);
  const count = to - from;
  new Float64Array(buffer, 0, count).set(keys.subarray(from, to));
  kernels.hash(0, count, hashedRows * 8);
  return new Int32Array(buffer, hashedRows * 8, count);
}
