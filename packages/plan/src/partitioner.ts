import type { CapturedFunction } from "@gloam/closure";
import type { PlanNode, ShuffleId } from "./node.ts";
import { atLeastOne, countOf, fixedCount, largestCount, sameCount, type PartitionCount } from "./partition-count.ts";

/**
 * How the keys of a keyed node lie over its partitions. Two nodes are co-partitioned, and join without a shuffle, when
 * their partitioners are equal. `partitions` may be asked for after preparation only.
 */
export type Partitioner =
  /** `partitionOf(hashKey(key), partitions)`, see keys. */
  | { readonly kind: "hash"; readonly partitions: number }
  /** Ranges of sorted keys whose bounds the shuffle itself finds. Equal only to itself. */
  | { readonly kind: "range"; readonly partitions: number; readonly shuffle: ShuffleId }
  /** The user's own function, known by its identity on the driver. */
  | {
      readonly kind: "custom";
      readonly partitions: number;
      readonly partition: (key: never) => number;
      readonly captured: CapturedFunction;
    };

const counts = new WeakMap<Partitioner, PartitionCount>();

/** Spreads keys by their hash over a number of partitions that may become known later. */
export function hashPartitioner(count: PartitionCount): Partitioner {
  return withCount({ kind: "hash" }, count);
}

/** Keys in sorted ranges, as one shuffle lays them. */
export function rangePartitioner(count: PartitionCount, shuffle: ShuffleId): Partitioner {
  return withCount({ kind: "range", shuffle }, count);
}

/** Keys where the user's function puts them: an integer from 0 to below `partitions`. */
export function customPartitioner(
  partition: (key: never) => number,
  captured: CapturedFunction,
  partitions: number,
): Partitioner {
  return { kind: "custom", partitions, partition, captured };
}

/** A partitioner's number of partitions, also before it is known. */
export function partitionerCount(partitioner: Partitioner): PartitionCount {
  let count = counts.get(partitioner);
  if (count === undefined) counts.set(partitioner, (count = fixedCount(partitioner.partitions)));
  return count;
}

/** Whether two partitioners are known to put equal keys into partitions of the same number. */
export function partitionersEqual(a: Partitioner | undefined, b: Partitioner | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (a === b) return true;
  if (a.kind === "custom" && b.kind === "custom") return a.partition === b.partition && a.partitions === b.partitions;
  if (a.kind === "range" && b.kind === "range") return a.shuffle === b.shuffle;
  return a.kind === "hash" && b.kind === "hash" && sameCount(partitionerCount(a), partitionerCount(b));
}

/**
 * The partitioner of a keyed operation that was given none, by Spark's rule: the parents' partitioner with the most
 * partitions, unless it has ten times fewer than the largest parent; otherwise hashing, over `configured` partitions
 * (`default.parallelism`) or as many as the largest parent has. A count that is not known yet never speaks against an existing partitioner.
 */
export function defaultPartitioner(parents: readonly PlanNode[], configured: number | undefined): Partitioner {
  const upstream = largestCount(parents.map(countOf));
  const wanted = configured === undefined ? upstream : fixedCount(configured);
  const existing = largestPartitioner(parents);
  if (existing !== undefined) {
    const count = partitionerCount(existing);
    const known = count.known && upstream.known && wanted.known;
    const serves = !known || upstream.value() < 10 * count.value() || wanted.value() <= count.value();
    // Another shuffle cannot lay keys in the ranges of the first.
    const shared =
      existing.kind !== "range" || parents.every((parent) => partitionersEqual(parent.partitioner, existing));
    if (serves) return shared ? existing : hashPartitioner(count);
  }
  return hashPartitioner(atLeastOne(wanted));
}

function largestPartitioner(parents: readonly PlanNode[]): Partitioner | undefined {
  let largest: Partitioner | undefined;
  for (const { partitioner } of parents) {
    if (partitioner === undefined) continue;
    if (largest === undefined || isLarger(partitionerCount(partitioner), partitionerCount(largest)))
      largest = partitioner;
  }
  return largest;
}

function isLarger(a: PartitionCount, b: PartitionCount): boolean {
  return a.known && b.known && a.value() > b.value();
}

function withCount(
  partitioner: { readonly kind: "hash" } | { readonly kind: "range"; readonly shuffle: ShuffleId },
  count: PartitionCount,
): Partitioner {
  const made: Partitioner = {
    ...partitioner,
    get partitions() {
      return count.value();
    },
  };
  counts.set(made, count);
  return made;
}
