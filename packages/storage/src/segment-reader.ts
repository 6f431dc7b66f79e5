import { GloamError } from "@gloam/common";
import { checksum } from "./checksum.ts";
import { evictedChunks } from "./evicted-file.ts";
import { nodeFileOperations, readFully, type FileOperations } from "./file-operations.ts";
import {
  checksumWord,
  extentOffset,
  extentWords,
  firstExtentOf,
  lengthWord,
  onDisk,
  placeWord,
  type OutputHandle,
} from "./output-handle.ts";
import type { SlabRegistry } from "./slab-registry.ts";

/** Where a chunk lies: a view of shared memory that is valid until the output is freed, or a piece of a file. */
export type ChunkPlace =
  | { readonly bytes: Uint8Array }
  | {
      readonly bytes: undefined;
      readonly path: string;
      readonly offset: number;
      readonly length: number;
      readonly checksum: number;
    };

/** The chunks of one segment of a committed output, in the order in which they were appended. */
export class SegmentReader {
  /** Number of chunks. */
  readonly chunks: number;
  readonly #handle: OutputHandle;
  readonly #slabs: SlabRegistry;
  readonly #operations: FileOperations;
  readonly #first: number;
  readonly #evicted: EvictedPlaces | undefined;
  /** Files that are open, by path. */
  readonly #files = new Map<string, number>();

  /** Made by `openSegment`. */
  constructor(
    handle: OutputHandle,
    segment: number,
    slabs: SlabRegistry,
    operations: FileOperations,
    isEvicted: boolean,
  ) {
    this.#evicted = isEvicted ? this.#evictedPlaces(handle, operations) : undefined;
    this.#handle = handle;
    this.#slabs = slabs;
    this.#operations = operations;
    this.#first = firstExtentOf(handle.extents, segment);
    this.chunks = (firstExtentOf(handle.extents, segment + 1) - this.#first) / extentWords;
  }

  /** Bytes of all chunks. */
  get bytes(): number {
    let bytes = 0;
    for (let index = 0; index < this.chunks; index++) bytes += this.chunkBytes(index);
    return bytes;
  }

  /** Bytes of one chunk. */
  chunkBytes(index: number): number {
    return this.#handle.extents[this.#at(index) + lengthWord]!;
  }

  /** Where one chunk lies. Throws GLOAM_FETCH_FAILED when its memory is not known here. */
  place(index: number): ChunkPlace {
    const { extents, file } = this.#handle;
    const at = this.#at(index);
    const place = extents[at + placeWord]!;
    const offset = extentOffset(extents, at);
    const length = extents[at + lengthWord]!;
    if (place === onDisk) {
      return { bytes: undefined, path: file!, offset, length, checksum: extents[at + checksumWord]! };
    }
    if (this.#evicted !== undefined) return { bytes: undefined, length, ...this.#evicted.of(at) };
    const slab = this.#slabs.bytes(place);
    if (slab === undefined) {
      throw new GloamError("GLOAM_FETCH_FAILED", `the shared memory ${place} of ${this.#name()} is gone`);
    }
    return { bytes: slab.subarray(offset, offset + length) };
  }

  /**
   * One chunk: a view of shared memory that is valid until the output is freed, or bytes read from disk and checked. Throws
   * GLOAM_FETCH_FAILED when it is missing, GLOAM_BLOCK_CORRUPT when it is damaged.
   */
  chunk(index: number): Uint8Array {
    const place = this.place(index);
    return place.bytes ?? this.#read(place.path, place.offset, place.length, place.checksum);
  }

  /** Closes what files were opened. */
  close(): void {
    for (const [path, file] of this.#files) {
      this.#files.delete(path);
      this.#operations.closeSync(file);
    }
  }

  #evictedPlaces(handle: OutputHandle, operations: FileOperations): EvictedPlaces {
    const path = handle.evictedFile;
    const { places, bytes } = evictedChunks(handle);
    let sums: Uint32Array | undefined;
    return {
      of: (at) => {
        const { offset, number } = places.get(at)!;
        if (path === undefined) throw new GloamError("GLOAM_FETCH_FAILED", `${this.#name()} was dropped to make room`);
        sums ??= readSums(path, bytes, places.size, operations, this.#name());
        return { path, offset, checksum: sums[number]! };
      },
    };
  }

  #at(index: number): number {
    if (!(index >= 0 && index < this.chunks)) {
      throw new GloamError("GLOAM_INTERNAL", `chunk ${index} of a segment of ${this.chunks} does not exist`);
    }
    return this.#first + index * extentWords;
  }

  #read(path: string, offset: number, length: number, expected: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let read: number;
    try {
      let file = this.#files.get(path);
      if (file === undefined) this.#files.set(path, (file = this.#operations.openSync(path, "r")));
      read = readFully(this.#operations, file, bytes, offset);
    } catch (error) {
      throw new GloamError("GLOAM_FETCH_FAILED", `cannot read ${this.#name()} from ${path}: ${String(error)}`, {
        cause: error,
      });
    }
    if (read < length) {
      throw new GloamError("GLOAM_BLOCK_CORRUPT", `${path}, a file of ${this.#name()}, ends at ${offset + read}`);
    }
    if (checksum(bytes) !== expected) {
      throw new GloamError("GLOAM_BLOCK_CORRUPT", `the checksum of ${this.#name()} is wrong at ${offset} in ${path}`);
    }
    return bytes;
  }

  #name(): string {
    return `output ${this.#handle.output} of store ${this.#handle.store}`;
  }
}

/** Where the chunks of an evicted block are, by the words of their extents. */
interface EvictedPlaces {
  of(at: number): { readonly path: string; readonly offset: number; readonly checksum: number };
}

function readSums(path: string, from: number, count: number, operations: FileOperations, name: string): Uint32Array {
  const sums = new Uint32Array(count);
  const bytes = new Uint8Array(sums.buffer);
  let read = 0;
  try {
    const file = operations.openSync(path, "r");
    try {
      read = readFully(operations, file, bytes, from);
    } finally {
      operations.closeSync(file);
    }
  } catch (error) {
    // Where the level has no disk, nothing was written: the block was dropped.
    throw new GloamError("GLOAM_FETCH_FAILED", `${name} is neither in memory nor in ${path}: ${String(error)}`, {
      cause: error,
    });
  }
  if (read < bytes.length) throw new GloamError("GLOAM_BLOCK_CORRUPT", `${path}, a file of ${name}, ends too early`);
  return sums;
}

/**
 * Opens one segment of a committed output, in any thread of the executor. A segment without chunks is empty.
 * @param isEvicted What the handle says to be in memory has been evicted: it is read from the file for that.
 */
export function openSegment(
  handle: OutputHandle,
  segment: number,
  slabs: SlabRegistry,
  operations: FileOperations = nodeFileOperations,
  isEvicted = false,
): SegmentReader {
  return new SegmentReader(handle, segment, slabs, operations, isEvicted);
}
