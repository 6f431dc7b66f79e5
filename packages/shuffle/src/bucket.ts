import { CountingSort } from "./counting-sort.ts";
import { gatherNumbers, type KeySource, type ValueSource } from "./gather-pairs.ts";
import { NumberIndex } from "./number-index.ts";
import type { KeyKind } from "./pair-block.ts";
import { StringIndex } from "./string-index.ts";
import { ValueIndex } from "./value-index.ts";

/** Buckets by hash. */
export const bucketCount = 64;
/** Bits of a hash that name a bucket. */
export const bucketBits = 6;
/** At this level all bits of the hash are used up. */
export const deepestLevel = 5;

/** Keys and their combiners. */
export interface Bucket {
  readonly index: NumberIndex | StringIndex | ValueIndex;
  /** Combiners by id while all are numbers; as long as the index has capacity. */
  numbers: Float64Array | undefined;
  /** Combiners by id otherwise. */
  values: unknown[];
  /** Bytes that were acquired for it. */
  acquired: number;
  /** Estimated bytes of its keys and combiners on the heap. */
  heap: number;
}

/** A bucket with nothing in it. */
export function newBucket(kind: KeyKind): Bucket {
  const index = kind === "number" ? new NumberIndex() : kind === "string" ? new StringIndex() : new ValueIndex();
  return { index, numbers: new Float64Array(index.capacity), values: [], acquired: 0, heap: 0 };
}

/** The keys of a bucket by id. */
export function keysOf({ index }: Bucket): KeySource {
  switch (index.kind) {
    case "number":
      return { kind: "number", keys: index.keys };
    case "string":
      return { kind: "string", ...index.strings() };
    case "any":
      return { kind: "any", keys: index.keys };
  }
}

/** The combiners of a bucket by id. */
export function combinersOf(bucket: Bucket): ValueSource {
  return bucket.numbers === undefined ? bucket.values : bucket.numbers.subarray(0, bucket.index.count);
}

/** Bytes of a bucket's buffers. */
export function bucketBytes({ index, numbers }: Bucket): number {
  return index.bytes + (numbers?.byteLength ?? 0);
}

/** The contents of a bucket as buckets by the six bits of the hash after `shift`; ids keep their order. */
export function splitBucket(bucket: Bucket, shift: number): (Bucket | undefined)[] {
  const { index } = bucket;
  const { count } = index;
  const hashes = index.hashes();
  const targets = new Int32Array(count);
  for (let id = 0; id < count; id++) targets[id] = (hashes[id]! << shift) >>> (32 - bucketBits);
  const { rows, starts } = new CountingSort(bucketCount).sort(targets, count);
  const strings = index.kind === "string" ? { ...index.strings(), hashes } : undefined;
  return Array.from({ length: bucketCount }, (_, target) => {
    const from = starts[target]!;
    const to = starts[target + 1]!;
    if (from === to) return undefined;
    const part = newBucket(index.kind);
    switch (part.index.kind) {
      case "number":
        part.index.load(gatherNumbers((index as NumberIndex).keys, rows, from, to));
        break;
      case "string":
        part.index.load(strings!, rows, from, to);
        break;
      case "any":
        part.index.load(
          Array.from(rows.subarray(from, to), (id) => (index as ValueIndex).keys[id]),
          Int32Array.from(rows.subarray(from, to), (id) => hashes[id]!),
        );
        break;
    }
    if (bucket.numbers === undefined) {
      part.numbers = undefined;
      part.values = Array.from(rows.subarray(from, to), (id) => bucket.values[id]);
    } else {
      part.numbers = resized(gatherNumbers(bucket.numbers, rows, from, to), part.index.capacity);
    }
    part.heap = (bucket.heap * (to - from)) / count;
    return part;
  });
}

/** A copy with another length. */
export function resized(numbers: Float64Array, length: number): Float64Array {
  const copy = new Float64Array(length);
  copy.set(numbers.length > length ? numbers.subarray(0, length) : numbers);
  return copy;
}
