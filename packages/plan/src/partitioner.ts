import type { ShuffleId } from "./node.ts";

/**
 * How the keys of a keyed node lie over its partitions. Two nodes are co-partitioned, and join without a shuffle, when
 * their partitioners are equal.
 */
export type Partitioner =
  /** `partitionOf(hashKey(key), partitions)`, see keys. */
  | { readonly kind: "hash"; readonly partitions: number }
  /** Ranges of sorted keys whose bounds the shuffle itself finds. Equal only to itself. */
  | { readonly kind: "range"; readonly partitions: number; readonly shuffle: ShuffleId }
  /** The user's own function, known by its identity on the driver. */
  | { readonly kind: "custom"; readonly partitions: number; readonly partition: (key: never) => number };
