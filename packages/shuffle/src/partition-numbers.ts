import { hashFloats, hashNumber, hashWords, partitionOf } from "@gloam/plan";

/** Writes the hash partitions of the first `count` keys to `targets`. */
export function partitionNumbers(keys: Float64Array, count: number, partitions: number, targets: Int32Array): void {
  for (let row = 0; row < count; row++) {
    targets[row] = partitionOf(hashNumber(keys[row]!, hashFloats, hashWords), partitions);
  }
}
