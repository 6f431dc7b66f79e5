import type { Lease } from "./leases.ts";
import { blockBytes } from "./slab-heap.ts";

/**
 * Names a committed output anywhere: plain data that structured clone and msgpackr carry. 24 bytes for each chunk,
 * nothing for an empty segment.
 */
export interface OutputHandle {
  /** The store that holds the output, and may free it. */
  readonly store: number;
  /** The output's number in its store. */
  readonly output: number;
  /** Six words for each chunk, sorted by segment, then in the order of appending: see `extentWords`. */
  readonly extents: Uint32Array;
  /** File of the chunks that lie on disk. */
  readonly file: string | undefined;
  /** Of a cached block that may be evicted: what holds on to its memory. */
  readonly lease?: Lease | undefined;
  /** Where its chunks are when they have been evicted to disk. */
  readonly evictedFile?: string | undefined;
}

/** Words of an extent. */
export const extentWords = 6;
/** Segment that the chunk belongs to. */
export const segmentWord = 0;
/** Id of the slab that holds the chunk, or `onDisk`. */
export const placeWord = 1;
/** Offset in slab or file: low and high 32 bits. */
export const offsetLowWord = 2;
export const offsetHighWord = 3;
/** Bytes of the chunk. */
export const lengthWord = 4;
/** Checksum of the chunk, or `unchecked`. */
export const checksumWord = 5;

/** Place of a chunk in the output's file. */
export const onDisk = 0xffffffff;
/** Stands for a checksum that was not computed. */
export const unchecked = 0;

/** An output of one chunk in its first segment, which lies in shared memory that is there already. */
export function singleChunk(
  { store, output }: Pick<OutputHandle, "store" | "output">,
  { slab, offset }: { readonly slab: number; readonly offset: number },
  length: number,
): OutputHandle {
  const extents = new Uint32Array(extentWords);
  extents[placeWord] = slab;
  extents[offsetLowWord] = offset % 2 ** 32;
  extents[offsetHighWord] = Math.floor(offset / 2 ** 32);
  extents[lengthWord] = length;
  extents[checksumWord] = unchecked;
  return { store, output, extents, file: undefined };
}

/** Offset of the extent at word `at`. */
export function extentOffset(extents: Uint32Array, at: number): number {
  return extents[at + offsetHighWord]! * 2 ** 32 + extents[at + offsetLowWord]!;
}

/** First word of the first extent whose segment is at least `segment`. */
export function firstExtentOf(extents: Uint32Array, segment: number): number {
  let low = 0;
  let high = extents.length / extentWords;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (extents[middle * extentWords + segmentWord]! < segment) low = middle + 1;
    else high = middle;
  }
  return low * extentWords;
}

/** Tells of every chunk of an output, sorted by segment, then in the order of appending. */
export function eachChunk(handle: OutputHandle, tell: (segment: number, bytes: number) => void): void {
  const { extents } = handle;
  for (let at = 0; at < extents.length; at += extentWords) tell(extents[at + segmentWord]!, extents[at + lengthWord]!);
}

/** Bytes of an output, by where they lie when it is committed; in memory with the blocks' headers. `payloadBytes` are those of its chunks. */
export function outputBytes(handle: OutputHandle): {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly payloadBytes: number;
} {
  const { extents } = handle;
  let memoryBytes = 0;
  let diskBytes = 0;
  let payloadBytes = 0;
  for (let at = 0; at < extents.length; at += extentWords) {
    const length = extents[at + lengthWord]!;
    payloadBytes += length;
    if (extents[at + placeWord] === onDisk) diskBytes += length;
    else memoryBytes += blockBytes(length);
  }
  return { memoryBytes, diskBytes, payloadBytes };
}
