import { GloamError } from "@gloam/common";
import { checksum } from "./checksum.ts";
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
  #file: number | undefined;

  /** Made by `openSegment`. */
  constructor(handle: OutputHandle, segment: number, slabs: SlabRegistry, operations: FileOperations) {
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

  /** Closes the output's file if it was opened. */
  close(): void {
    const file = this.#file;
    this.#file = undefined;
    if (file !== undefined) this.#operations.closeSync(file);
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
      this.#file ??= this.#operations.openSync(path, "r");
      read = readFully(this.#operations, this.#file, bytes, offset);
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

/** Opens one segment of a committed output, in any thread of the executor. A segment without chunks is empty. */
export function openSegment(
  handle: OutputHandle,
  segment: number,
  slabs: SlabRegistry,
  operations: FileOperations = nodeFileOperations,
): SegmentReader {
  return new SegmentReader(handle, segment, slabs, operations);
}
