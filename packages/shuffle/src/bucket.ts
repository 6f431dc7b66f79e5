import { CountingSort } from "./counting-sort.ts";
import { gatherNumbers, type KeySource, type ValueSource } from "./gather-pairs.ts";
import { NumberIndex } from "./number-index.ts";
import type { KeyKind } from "./pair-block.ts";
import { StringIndex } from "./string-index.ts";
import { ValueIndex } from "./value-index.ts";

/** Bits of a hash that name a bucket. */
export const bucketBits = 5;
/**
 * Buckets by hash. Fewer are filled faster, as each is a place in memory that is written to in turn, but their tables are larger: of
 * 20 million pairs of numbers with 125,000 keys a task, 16 and 32 took 0.92 and 0.95 of the time of 64; with a million keys 1.15 and 1.02.
 */
export const bucketCount = 2 ** bucketBits;
/** At this level all bits of the hash are used up. */
export const deepestLevel = Math.floor(32 / bucketBits);

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

/** The contents of a bucket as buckets by the hash without its first `shift` bits; ids keep their order. */
export function splitBucket(bucket: Bucket, shift: number): (Bucket | undefined)[] {
  const { index } = bucket;
  const hashes = index.hashes();
  const { rows, starts } = new CountingSort(bucketCount).sort(bucketNumbers(hashes, shift), index.count);
  const parts = new Array<Bucket | undefined>(bucketCount).fill(undefined);
  for (let target = 0; target < bucketCount; target++) {
    const of = rows.subarray(starts[target], starts[target + 1]);
    if (of.length > 0) parts[target] = partOf(bucket, hashes, of);
  }
  return parts;
}

// Functions of their own: V8 optimises what has a loop that runs long, with everything that it calls.
function bucketNumbers(hashes: Int32Array, shift: number): Int32Array {
  const targets = new Int32Array(hashes.length);
  for (let id = 0; id < targets.length; id++) targets[id] = (hashes[id]! << shift) >>> (32 - bucketBits);
  return targets;
}

function partOf(bucket: Bucket, hashes: Int32Array, rows: Int32Array): Bucket {
  const { index } = bucket;
  const part = newBucket(index.kind);
  switch (part.index.kind) {
    case "number":
      part.index.load(gatherNumbers((index as NumberIndex).keys, rows, 0, rows.length));
      break;
    case "string":
      part.index.load({ ...(index as StringIndex).strings(), hashes }, rows, 0, rows.length);
      break;
    case "any":
      part.index.load(
        Array.from(rows, (id) => (index as ValueIndex).keys[id]),
        Int32Array.from(rows, (id) => hashes[id]!),
      );
      break;
  }
  if (bucket.numbers === undefined) {
    part.numbers = undefined;
    part.values = Array.from(rows, (id) => bucket.values[id]);
  } else {
    part.numbers = resized(gatherNumbers(bucket.numbers, rows, 0, rows.length), part.index.capacity);
  }
  part.heap = (bucket.heap * rows.length) / index.count;
  return part;
}

/** A copy with another length. */
export function resized(numbers: Float64Array, length: number): Float64Array {
  const copy = new Float64Array(length);
  copy.set(numbers.length > length ? numbers.subarray(0, length) : numbers);
  return copy;
}
